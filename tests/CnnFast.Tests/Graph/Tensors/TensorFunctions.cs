using CnnFast.Graphs;

namespace CnnFast.Tests.Graph.Tensors;

/// <summary>Functions of one and two elements in double.</summary>
internal static class TensorFunctions
{
    public static double Of(UnaryOperation operation, double x) => operation.Function switch
    {
        UnaryFunction.SquareRoot => Math.Sqrt(x),
        UnaryFunction.Exponential => Math.Exp(x),
        UnaryFunction.Logarithm => Math.Log(x),
        UnaryFunction.Absolute => Math.Abs(x),
        UnaryFunction.Negate => -x,
        UnaryFunction.Reciprocal => 1 / x,
        UnaryFunction.Floor => Math.Floor(x),
        UnaryFunction.Ceiling => Math.Ceiling(x),
        UnaryFunction.Round => Math.Round(x),
        UnaryFunction.Sign => Math.Sign(x),
        UnaryFunction.Sine => Math.Sin(x),
        UnaryFunction.Cosine => Math.Cos(x),
        UnaryFunction.Tangent => Math.Tan(x),
        UnaryFunction.ArcSine => Math.Asin(x),
        UnaryFunction.ArcCosine => Math.Acos(x),
        UnaryFunction.ArcTangent => Math.Atan(x),
        UnaryFunction.HyperbolicSine => Math.Sinh(x),
        UnaryFunction.HyperbolicCosine => Math.Cosh(x),
        UnaryFunction.ArcHyperbolicSine => Math.Asinh(x),
        UnaryFunction.ArcHyperbolicCosine => Math.Acosh(x),
        UnaryFunction.ArcHyperbolicTangent => Math.Atanh(x),
        UnaryFunction.SELU => operation.Beta * (x > 0 ? x : operation.Alpha * (Math.Exp(x) - 1)),
        UnaryFunction.CELU => Math.Max(0, x) + Math.Min(0, operation.Alpha * (Math.Exp(x / operation.Alpha) - 1)),
        UnaryFunction.Softsign => x / (1 + Math.Abs(x)),
        UnaryFunction.ThresholdedReLU => x > operation.Alpha ? x : 0,
        UnaryFunction.Shrink => x < -operation.Alpha ? x + operation.Beta : x > operation.Alpha ? x - operation.Beta : 0,
        UnaryFunction.Not => x == 0 ? 1 : 0,
        UnaryFunction.IsNaN => double.IsNaN(x) ? 1 : 0,
        UnaryFunction.IsInfinite => double.IsInfinity(x) ? 1 : 0,
        _ => x,
    };

    public static double Of(BinaryFunction function, double a, double b) => function switch
    {
        BinaryFunction.Add => a + b,
        BinaryFunction.Subtract => a - b,
        BinaryFunction.Multiply => a * b,
        BinaryFunction.Divide => a / b,
        BinaryFunction.Minimum => Math.Min(a, b),
        BinaryFunction.Maximum => Math.Max(a, b),
        BinaryFunction.Power => Math.Pow(a, b),
        BinaryFunction.Modulo => a - (b * Math.Floor(a / b)),
        BinaryFunction.Remainder => a - (b * Math.Truncate(a / b)),
        BinaryFunction.ParametricReLU => a < 0 ? a * b : a,
        BinaryFunction.Equal => a == b ? 1 : 0,
        BinaryFunction.Greater => a > b ? 1 : 0,
        BinaryFunction.GreaterOrEqual => a >= b ? 1 : 0,
        BinaryFunction.Less => a < b ? 1 : 0,
        BinaryFunction.LessOrEqual => a <= b ? 1 : 0,
        BinaryFunction.And => a != 0 && b != 0 ? 1 : 0,
        BinaryFunction.Or => a != 0 || b != 0 ? 1 : 0,
        _ => (a != 0) != (b != 0) ? 1 : 0,
    };
}

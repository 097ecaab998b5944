using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Functions of one and two elements in double, and their slopes.</summary>
internal static class TensorFunctions
{
    /// <summary>A function of one element.</summary>
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
        UnaryFunction.RoundToHalf => (double)(Half)x,
        _ => x,
    };

    /// <summary>A function of two elements.</summary>
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

    /// <summary>The slope of a function of one element; 0 where it has none.</summary>
    public static double SlopeOf(UnaryOperation operation, double x) => operation.Function switch
    {
        UnaryFunction.SquareRoot => 0.5 / Math.Sqrt(x),
        UnaryFunction.Exponential => Math.Exp(x),
        UnaryFunction.Logarithm => 1 / x,
        UnaryFunction.Absolute => Math.Sign(x),
        UnaryFunction.Negate => -1,
        UnaryFunction.Reciprocal => -1 / (x * x),
        UnaryFunction.Sine => Math.Cos(x),
        UnaryFunction.Cosine => -Math.Sin(x),
        UnaryFunction.Tangent => 1 + (Math.Tan(x) * Math.Tan(x)),
        UnaryFunction.ArcSine => 1 / Math.Sqrt(1 - (x * x)),
        UnaryFunction.ArcCosine => -1 / Math.Sqrt(1 - (x * x)),
        UnaryFunction.ArcTangent => 1 / (1 + (x * x)),
        UnaryFunction.HyperbolicSine => Math.Cosh(x),
        UnaryFunction.HyperbolicCosine => Math.Sinh(x),
        UnaryFunction.ArcHyperbolicSine => 1 / Math.Sqrt((x * x) + 1),
        UnaryFunction.ArcHyperbolicCosine => 1 / Math.Sqrt((x * x) - 1),
        UnaryFunction.ArcHyperbolicTangent => 1 / (1 - (x * x)),
        UnaryFunction.SELU => operation.Beta * (x > 0 ? 1 : operation.Alpha * Math.Exp(x)),
        UnaryFunction.CELU => x > 0 ? 1 : Math.Exp(x / operation.Alpha),
        UnaryFunction.Softsign => 1 / Math.Pow(1 + Math.Abs(x), 2),
        UnaryFunction.ThresholdedReLU => x > operation.Alpha ? 1 : 0,
        UnaryFunction.Shrink => x < -operation.Alpha || x > operation.Alpha ? 1 : 0,
        UnaryFunction.RoundToHalf => 1,
        _ => 0,
    };

    /// <summary>The slopes of a function of two elements; of equal minima and maxima half each, and 0 where it has none.</summary>
    public static (double First, double Second) SlopesOf(BinaryFunction function, double a, double b) => function switch
    {
        BinaryFunction.Add => (1, 1),
        BinaryFunction.Subtract => (1, -1),
        BinaryFunction.Multiply => (b, a),
        BinaryFunction.Divide => (1 / b, -a / (b * b)),
        BinaryFunction.Minimum => (a < b ? 1 : a == b ? 0.5 : 0, b < a ? 1 : a == b ? 0.5 : 0),
        BinaryFunction.Maximum => (a > b ? 1 : a == b ? 0.5 : 0, b > a ? 1 : a == b ? 0.5 : 0),
        BinaryFunction.Power => (b == 0 ? 0 : b * Math.Pow(a, b - 1), a == 0 && b >= 0 ? 0 : Math.Pow(a, b) * Math.Log(a)),
        BinaryFunction.Modulo => (1, -Math.Floor(a / b)),
        BinaryFunction.Remainder => (1, -Math.Truncate(a / b)),
        BinaryFunction.ParametricReLU => (a > 0 ? 1 : b, Math.Min(a, 0)),
        _ => (0, 0),
    };
}

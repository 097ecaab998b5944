using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>A function of every element.</summary>
internal sealed class UnaryStep(UnaryOperation operation, ElementType type) : ForwardStep
{
    private readonly float _alpha = operation.Alpha;
    private readonly float _beta = operation.Beta;

    public override void Run(in ForwardContext context)
    {
        ReadOnlySpan<float> x = context.Input(0);
        Span<float> y = context.Output;
        switch (type)
        {
            case ElementType.Float32:
                if (operation.Function is UnaryFunction.IsNaN or UnaryFunction.IsInfinite)
                    Classify(x, MemoryMarshal.Cast<float, bool>(y));
                else
                    Apply(x, y);
                break;
            case ElementType.Int32:
                ApplyInteger(MemoryMarshal.Cast<float, int>(x), MemoryMarshal.Cast<float, int>(y));
                break;
            case ElementType.Int64:
                ApplyInteger(MemoryMarshal.Cast<float, long>(x), MemoryMarshal.Cast<float, long>(y));
                break;
            case ElementType.UInt8:
                ApplyInteger(MemoryMarshal.AsBytes(x), MemoryMarshal.AsBytes(y));
                break;
            default:
                TensorPrimitives.Xor(MemoryMarshal.AsBytes(x), (byte)1, MemoryMarshal.AsBytes(y));
                break;
        }
    }

    private void Apply(ReadOnlySpan<float> x, Span<float> y)
    {
        switch (operation.Function)
        {
            case UnaryFunction.SquareRoot:
                TensorPrimitives.Sqrt(x, y);
                break;
            case UnaryFunction.Exponential:
                TensorPrimitives.Exp(x, y);
                break;
            case UnaryFunction.Logarithm:
                TensorPrimitives.Log(x, y);
                break;
            case UnaryFunction.Absolute:
                TensorPrimitives.Abs(x, y);
                break;
            case UnaryFunction.Negate:
                TensorPrimitives.Negate(x, y);
                break;
            case UnaryFunction.Reciprocal:
                TensorPrimitives.Divide(1f, x, y);
                break;
            case UnaryFunction.Floor:
                TensorPrimitives.Floor(x, y);
                break;
            case UnaryFunction.Ceiling:
                TensorPrimitives.Ceiling(x, y);
                break;
            case UnaryFunction.Round:
                TensorPrimitives.Round(x, y);
                break;
            case UnaryFunction.RoundToHalf:
                RoundToHalf(x, y);
                break;
            default:
                for (int i = 0; i < y.Length; i++)
                    y[i] = Apply(x[i]);
                break;
        }
    }

    private float Apply(float x) => operation.Function switch
    {
        UnaryFunction.Sign => float.IsNaN(x) ? x : Math.Sign(x),
        UnaryFunction.Sine => MathF.Sin(x),
        UnaryFunction.Cosine => MathF.Cos(x),
        UnaryFunction.Tangent => MathF.Tan(x),
        UnaryFunction.ArcSine => MathF.Asin(x),
        UnaryFunction.ArcCosine => MathF.Acos(x),
        UnaryFunction.ArcTangent => MathF.Atan(x),
        UnaryFunction.HyperbolicSine => MathF.Sinh(x),
        UnaryFunction.HyperbolicCosine => MathF.Cosh(x),
        UnaryFunction.ArcHyperbolicSine => MathF.Asinh(x),
        UnaryFunction.ArcHyperbolicCosine => MathF.Acosh(x),
        UnaryFunction.ArcHyperbolicTangent => MathF.Atanh(x),
        UnaryFunction.SELU => x > 0 ? _beta * x : (float)(_beta * (double)_alpha * ExpMinus1(x)),
        UnaryFunction.CELU => (float)(Math.Max(0, x) + Math.Min(0, _alpha * ExpMinus1(x / (double)_alpha))),
        UnaryFunction.Softsign => x / (1 + MathF.Abs(x)),
        UnaryFunction.ThresholdedReLU => x > _alpha ? x : 0,
        UnaryFunction.Shrink => x < -_alpha ? x + _beta : x > _alpha ? x - _beta : 0,
        _ => throw new InvalidOperationException($"{operation.Function} is no function of a float."),
    };

    private static void RoundToHalf(ReadOnlySpan<float> x, Span<float> y)
    {
        Span<Half> rounded = stackalloc Half[512];
        for (int start = 0; start < x.Length; start += rounded.Length)
        {
            int count = Math.Min(rounded.Length, x.Length - start);
            TensorPrimitives.ConvertToHalf(x.Slice(start, count), rounded);
            TensorPrimitives.ConvertToSingle(rounded[..count], y[start..]);
        }
    }

    private static double ExpMinus1(double x) => Math.Abs(x) < 1e-3 ? x * (1 + (x / 2 * (1 + (x / 3)))) : Math.Exp(x) - 1;

    private void Classify(ReadOnlySpan<float> x, Span<bool> y)
    {
        bool negative = _alpha != 0;
        bool positive = _beta != 0;
        for (int i = 0; i < x.Length; i++)
            y[i] = operation.Function == UnaryFunction.IsNaN
                ? float.IsNaN(x[i])
                : (negative && float.IsNegativeInfinity(x[i])) || (positive && float.IsPositiveInfinity(x[i]));
    }

    private void ApplyInteger<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : INumber<T>
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = operation.Function switch
            {
                UnaryFunction.Negate => T.Zero - x[i],
                UnaryFunction.Sign => T.IsZero(x[i]) ? T.Zero : T.IsNegative(x[i]) ? T.Zero - T.One : T.One,
                _ => T.IsNegative(x[i]) ? T.Zero - x[i] : x[i],
            };
        }
    }
}

using System.Numerics.Tensors;

namespace CnnFast.Graphs;

/// <summary>The gradients of <see cref="BinaryFunction"/>. Of equal minima and maxima each operand gets half.</summary>
internal static class BinaryGradients
{
    public readonly struct Add : IBinaryGradient
    {
        public static void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) => dy.CopyTo(d);

        public static void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) => dy.CopyTo(d);
    }

    public readonly struct Subtract : IBinaryGradient
    {
        public static void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) => dy.CopyTo(d);

        public static void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) =>
            TensorPrimitives.Negate(dy, d);
    }

    public readonly struct Multiply : IBinaryGradient
    {
        public static void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) =>
            TensorPrimitives.Multiply(dy, b, d);

        public static void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) =>
            TensorPrimitives.Multiply(dy, a, d);
    }

    public readonly struct Divide : IBinaryGradient
    {
        public static void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) =>
            TensorPrimitives.Divide(dy, b, d);

        public static void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d)
        {
            for (int i = 0; i < d.Length; i++)
                d[i] = (float)(-dy[i] * (double)a[i] / ((double)b[i] * b[i]));
        }
    }

    public readonly struct Minimum : IBinaryGradient
    {
        public static void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) =>
            WhereLarger(dy, b, a, d);

        public static void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) =>
            WhereLarger(dy, a, b, d);
    }

    public readonly struct Maximum : IBinaryGradient
    {
        public static void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) =>
            WhereLarger(dy, a, b, d);

        public static void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) =>
            WhereLarger(dy, b, a, d);
    }

    // As PyTorch has them: 0 by a base whose exponent is 0, and by the exponent of a base of 0.
    public readonly struct Power : IBinaryGradient
    {
        public static void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d)
        {
            for (int i = 0; i < d.Length; i++)
                d[i] = b[i] == 0 ? 0 : (float)(dy[i] * (double)b[i] * Math.Pow(a[i], (double)b[i] - 1));
        }

        public static void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d)
        {
            for (int i = 0; i < d.Length; i++)
                d[i] = a[i] == 0 && b[i] >= 0 ? 0 : (float)(dy[i] * Math.Pow(a[i], b[i]) * Math.Log(a[i]));
        }
    }

    public readonly struct Modulo : IBinaryGradient
    {
        public static void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) => dy.CopyTo(d);

        public static void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d)
        {
            for (int i = 0; i < d.Length; i++)
                d[i] = (float)(-dy[i] * Math.Floor((double)a[i] / b[i]));
        }
    }

    public readonly struct Remainder : IBinaryGradient
    {
        public static void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) => dy.CopyTo(d);

        public static void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d)
        {
            for (int i = 0; i < d.Length; i++)
                d[i] = (float)(-dy[i] * Math.Truncate((double)a[i] / b[i]));
        }
    }

    public readonly struct ParametricReLU : IBinaryGradient
    {
        public static void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d)
        {
            for (int i = 0; i < d.Length; i++)
                d[i] = a[i] > 0 ? dy[i] : b[i] * dy[i];
        }

        public static void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d)
        {
            for (int i = 0; i < d.Length; i++)
                d[i] = Math.Min(a[i], 0) * dy[i];
        }
    }

    private static void WhereLarger(ReadOnlySpan<float> dy, ReadOnlySpan<float> own, ReadOnlySpan<float> other, Span<float> d)
    {
        for (int i = 0; i < d.Length; i++)
            d[i] = own[i] > other[i] ? dy[i] : own[i] == other[i] ? 0.5f * dy[i] : 0;
    }
}

using System.Numerics;
using System.Numerics.Tensors;

namespace CnnFast.Graphs;

/// <summary>The functions of <see cref="BinaryFunction"/>.</summary>
internal static class BinaryFunctions
{
    public readonly struct Add<T> : IBinaryFunction<T, T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => a + b;

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Add(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Add(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Add(b, a, y);
    }

    public readonly struct Subtract<T> : IBinaryFunction<T, T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => a - b;

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);
    }

    public readonly struct Multiply<T> : IBinaryFunction<T, T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => a * b;

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Multiply(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Multiply(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Multiply(b, a, y);
    }

    public readonly struct Minimum<T> : IBinaryFunction<T, T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => T.Min(a, b);

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Min(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Min(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Min(b, a, y);
    }

    public readonly struct Maximum<T> : IBinaryFunction<T, T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => T.Max(a, b);

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Max(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Max(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Max(b, a, y);
    }

    // Integers divided by 0 give 0: what the format leaves open must not end a run.
    public readonly struct Divide<T> : IBinaryFunction<T, T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => IsInteger<T>() && T.IsZero(b) ? T.Zero : a / b;

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => Rows<T, T, Divide<T>>(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<T> y) => Rows<T, T, Divide<T>>(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<T> y) => Rows<T, T, Divide<T>>(a, b, y);
    }

    public readonly struct Power<T> : IBinaryFunction<T, T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => T.CreateSaturating(Math.Pow(double.CreateSaturating(a), double.CreateSaturating(b)));

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => Rows<T, T, Power<T>>(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<T> y) => Rows<T, T, Power<T>>(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<T> y) => Rows<T, T, Power<T>>(a, b, y);
    }

    public readonly struct Modulo<T> : IBinaryFunction<T, T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => IsInteger<T>() && T.IsZero(b) ? T.Zero : FloorModulo(a, b);

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => Rows<T, T, Modulo<T>>(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<T> y) => Rows<T, T, Modulo<T>>(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<T> y) => Rows<T, T, Modulo<T>>(a, b, y);
    }

    public readonly struct Remainder<T> : IBinaryFunction<T, T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => IsInteger<T>() && T.IsZero(b) ? T.Zero : a % b;

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => Rows<T, T, Remainder<T>>(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<T> y) => Rows<T, T, Remainder<T>>(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<T> y) => Rows<T, T, Remainder<T>>(a, b, y);
    }

    public readonly struct Equal<T> : IBinaryFunction<T, bool>
        where T : unmanaged, INumber<T>
    {
        public static bool Apply(T a, T b) => a == b;

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<bool> y) => Rows<T, bool, Equal<T>>(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<bool> y) => Rows<T, bool, Equal<T>>(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<bool> y) => Rows<T, bool, Equal<T>>(a, b, y);
    }

    public readonly struct Greater<T> : IBinaryFunction<T, bool>
        where T : unmanaged, INumber<T>
    {
        public static bool Apply(T a, T b) => a > b;

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<bool> y) => Rows<T, bool, Greater<T>>(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<bool> y) => Rows<T, bool, Greater<T>>(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<bool> y) => Rows<T, bool, Greater<T>>(a, b, y);
    }

    public readonly struct GreaterOrEqual<T> : IBinaryFunction<T, bool>
        where T : unmanaged, INumber<T>
    {
        public static bool Apply(T a, T b) => a >= b;

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<bool> y) => Rows<T, bool, GreaterOrEqual<T>>(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<bool> y) => Rows<T, bool, GreaterOrEqual<T>>(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<bool> y) => Rows<T, bool, GreaterOrEqual<T>>(a, b, y);
    }

    public readonly struct Less<T> : IBinaryFunction<T, bool>
        where T : unmanaged, INumber<T>
    {
        public static bool Apply(T a, T b) => a < b;

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<bool> y) => Rows<T, bool, Less<T>>(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<bool> y) => Rows<T, bool, Less<T>>(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<bool> y) => Rows<T, bool, Less<T>>(a, b, y);
    }

    public readonly struct LessOrEqual<T> : IBinaryFunction<T, bool>
        where T : unmanaged, INumber<T>
    {
        public static bool Apply(T a, T b) => a <= b;

        public static void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<bool> y) => Rows<T, bool, LessOrEqual<T>>(a, b, y);

        public static void Apply(ReadOnlySpan<T> a, T b, Span<bool> y) => Rows<T, bool, LessOrEqual<T>>(a, b, y);

        public static void Apply(T a, ReadOnlySpan<T> b, Span<bool> y) => Rows<T, bool, LessOrEqual<T>>(a, b, y);
    }

    public readonly struct And : IBinaryFunction<bool, bool>
    {
        public static bool Apply(bool a, bool b) => a && b;

        public static void Apply(ReadOnlySpan<bool> a, ReadOnlySpan<bool> b, Span<bool> y) => Rows<bool, bool, And>(a, b, y);

        public static void Apply(ReadOnlySpan<bool> a, bool b, Span<bool> y) => Rows<bool, bool, And>(a, b, y);

        public static void Apply(bool a, ReadOnlySpan<bool> b, Span<bool> y) => Rows<bool, bool, And>(a, b, y);
    }

    public readonly struct Or : IBinaryFunction<bool, bool>
    {
        public static bool Apply(bool a, bool b) => a || b;

        public static void Apply(ReadOnlySpan<bool> a, ReadOnlySpan<bool> b, Span<bool> y) => Rows<bool, bool, Or>(a, b, y);

        public static void Apply(ReadOnlySpan<bool> a, bool b, Span<bool> y) => Rows<bool, bool, Or>(a, b, y);

        public static void Apply(bool a, ReadOnlySpan<bool> b, Span<bool> y) => Rows<bool, bool, Or>(a, b, y);
    }

    public readonly struct ExclusiveOr : IBinaryFunction<bool, bool>
    {
        public static bool Apply(bool a, bool b) => a != b;

        public static void Apply(ReadOnlySpan<bool> a, ReadOnlySpan<bool> b, Span<bool> y) => Rows<bool, bool, ExclusiveOr>(a, b, y);

        public static void Apply(ReadOnlySpan<bool> a, bool b, Span<bool> y) => Rows<bool, bool, ExclusiveOr>(a, b, y);

        public static void Apply(bool a, ReadOnlySpan<bool> b, Span<bool> y) => Rows<bool, bool, ExclusiveOr>(a, b, y);
    }

    public readonly struct Same : IBinaryFunction<bool, bool>
    {
        public static bool Apply(bool a, bool b) => a == b;

        public static void Apply(ReadOnlySpan<bool> a, ReadOnlySpan<bool> b, Span<bool> y) => Rows<bool, bool, Same>(a, b, y);

        public static void Apply(ReadOnlySpan<bool> a, bool b, Span<bool> y) => Rows<bool, bool, Same>(a, b, y);

        public static void Apply(bool a, ReadOnlySpan<bool> b, Span<bool> y) => Rows<bool, bool, Same>(a, b, y);
    }

    public readonly struct ParametricReLU : IBinaryFunction<float, float>
    {
        public static float Apply(float a, float b) => a < 0 ? a * b : a;

        public static void Apply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) =>
            Rows<float, float, ParametricReLU>(a, b, y);

        public static void Apply(ReadOnlySpan<float> a, float b, Span<float> y) => Rows<float, float, ParametricReLU>(a, b, y);

        public static void Apply(float a, ReadOnlySpan<float> b, Span<float> y) => Rows<float, float, ParametricReLU>(a, b, y);
    }

    private static bool IsInteger<T>() => typeof(T) != typeof(float);

    private static T FloorModulo<T>(T a, T b)
        where T : INumber<T>
    {
        T rest = a % b;
        return !T.IsZero(rest) && T.IsNegative(rest) != T.IsNegative(b) ? rest + b : rest;
    }

    private static void Rows<T, TResult, TFunction>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<TResult> y)
        where TFunction : struct, IBinaryFunction<T, TResult>
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = TFunction.Apply(a[i], b[i]);
    }

    private static void Rows<T, TResult, TFunction>(ReadOnlySpan<T> a, T b, Span<TResult> y)
        where TFunction : struct, IBinaryFunction<T, TResult>
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = TFunction.Apply(a[i], b);
    }

    private static void Rows<T, TResult, TFunction>(T a, ReadOnlySpan<T> b, Span<TResult> y)
        where TFunction : struct, IBinaryFunction<T, TResult>
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = TFunction.Apply(a, b[i]);
    }
}

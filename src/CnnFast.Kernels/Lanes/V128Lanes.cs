using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>Portable 128-bit vectors (SSE2 and up, or AdvSimd): multiply and add round separately.</summary>
internal readonly unsafe struct V128Lanes : ILanes<Vector128<float>, Vector128<int>>
{
    public static int Count => Vector128<float>.Count;

    public static int Registers => 16;

    public static bool IsFused => false;

    public static Vector128<int> Indices => Vector128<int>.Indices;

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadPartial(float* source, nint count) =>
        Vector128.Create(source[0], count > 1 ? source[1] : 0f, count > 2 ? source[2] : 0f, 0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* destination, Vector128<float> value, nint count)
    {
        destination[0] = value.ToScalar();
        if (count > 1)
            destination[1] = value.GetElement(1);
        if (count > 2)
            destination[2] = value.GetElement(2);
    }

    public static void StoreStreaming(float* destination, Vector128<float> value) => Store(destination, value);

    public static void Store(float* destination, Vector128<float> value) => value.Store(destination);

    public static Vector128<float> Create(float value) => Vector128.Create(value);

    public static float First(Vector128<float> value) => value.ToScalar();

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    public static Vector128<float> Sqrt(Vector128<float> a) => Vector128.Sqrt(a);

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => (a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectGreater(Vector128<float> a, Vector128<float> b, Vector128<float> x, Vector128<float> y) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> accumulator, Vector128<float> x) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(x, accumulator), x, accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> accumulator, Vector128<float> x) =>
        Vector128.ConditionalSelect(Vector128.LessThan(x, accumulator), x, accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MaxOrNaN(Vector128<float> accumulator, Vector128<float> x) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(x, accumulator) | ~Vector128.Equals(x, x), x, accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectEqualOrNaN(Vector128<float> value, Vector128<float> reference, Vector128<float> x,
        Vector128<float> y) =>
        Vector128.ConditionalSelect(Vector128.Equals(value, reference) | ~Vector128.Equals(value, value), x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdered(Vector128<float> value) => Vector128.EqualsAll(value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeSum(Vector128<float> value)
    {
        value += Vector128.Shuffle(value, Vector128.Create(2, 3, 2, 3));
        return value.ToScalar() + value.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeMax(Vector128<float> value)
    {
        value = Max(value, Vector128.Shuffle(value, Vector128.Create(2, 3, 2, 3)));
        return ScalarLanes.Max(value.ToScalar(), value.GetElement(1));
    }

    public static Vector128<int> CreateInt(int value) => Vector128.Create(value);

    public static Vector128<int> AddInt(Vector128<int> a, Vector128<int> b) => a + b;

    public static Vector128<int> SubtractInt(Vector128<int> a, Vector128<int> b) => a - b;

    public static Vector128<int> MultiplyInt(Vector128<int> a, Vector128<int> b) => a * b;

    public static Vector128<int> And(Vector128<int> a, Vector128<int> b) => a & b;

    public static Vector128<int> Xor(Vector128<int> a, Vector128<int> b) => a ^ b;

    public static Vector128<int> ShiftLeft(Vector128<int> a, int bits) => a << bits;

    public static Vector128<int> ShiftRightLogical(Vector128<int> a, int bits) => a >>> bits;

    public static Vector128<int> ShiftRightArithmetic(Vector128<int> a, int bits) => a >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectGreaterInt(Vector128<int> a, Vector128<int> b, Vector128<float> x, Vector128<float> y) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b).AsSingle(), x, y);

    public static Vector128<int> BitsOf(Vector128<float> value) => value.AsInt32();

    public static Vector128<float> FromBits(Vector128<int> bits) => bits.AsSingle();

    public static Vector128<float> ToFloat(Vector128<int> value) => Vector128.ConvertToSingle(value);
}

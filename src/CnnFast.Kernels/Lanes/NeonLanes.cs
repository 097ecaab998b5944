using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>128-bit vectors with fused multiply-add (AdvSimd): <see cref="V128Lanes"/> but for the rounding.</summary>
internal readonly unsafe struct NeonLanes : ILanes<Vector128<float>, Vector128<int>>
{
    public static int Count => Vector128<float>.Count;

    public static int Registers => 32;

    public static bool IsFused => true;

    public static Vector128<int> Indices => Vector128<int>.Indices;

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadPartial(float* source, nint count) => V128Lanes.LoadPartial(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* destination, Vector128<float> value, nint count) =>
        V128Lanes.StorePartial(destination, value, count);

    public static void StoreStreaming(float* destination, Vector128<float> value) => value.Store(destination);

    public static void Store(float* destination, Vector128<float> value) => value.Store(destination);

    public static Vector128<float> Create(float value) => Vector128.Create(value);

    public static float First(Vector128<float> value) => value.ToScalar();

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    public static Vector128<float> Sqrt(Vector128<float> a) => Vector128.Sqrt(a);

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectGreater(Vector128<float> a, Vector128<float> b, Vector128<float> x, Vector128<float> y) =>
        V128Lanes.SelectGreater(a, b, x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> accumulator, Vector128<float> x) => V128Lanes.Max(accumulator, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> accumulator, Vector128<float> x) => V128Lanes.Min(accumulator, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MaxOrNaN(Vector128<float> accumulator, Vector128<float> x) => V128Lanes.MaxOrNaN(accumulator, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectEqualOrNaN(Vector128<float> value, Vector128<float> reference, Vector128<float> x,
        Vector128<float> y) =>
        V128Lanes.SelectEqualOrNaN(value, reference, x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdered(Vector128<float> value) => Vector128.EqualsAll(value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeSum(Vector128<float> value) => V128Lanes.TreeSum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeMax(Vector128<float> value) => V128Lanes.TreeMax(value);

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
        V128Lanes.SelectGreaterInt(a, b, x, y);

    public static Vector128<int> BitsOf(Vector128<float> value) => value.AsInt32();

    public static Vector128<float> FromBits(Vector128<int> bits) => bits.AsSingle();

    public static Vector128<float> ToFloat(Vector128<int> value) => Vector128.ConvertToSingle(value);
}

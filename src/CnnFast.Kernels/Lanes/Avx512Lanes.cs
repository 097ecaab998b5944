using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnFast.Kernels;

/// <summary>
/// 512-bit vectors with fused multiply-add. Where the processor lacks AVX-512 the runtime executes them as two halves (with true fused
/// multiply-add), and partial vectors go through a copy: slow, but the same bits.
/// </summary>
internal readonly unsafe struct Avx512Lanes : ILanes<Vector512<float>, Vector512<int>>
{
    public static int Count => Vector512<float>.Count;

    public static int Registers => 32;

    public static bool IsFused => true;

    public static Vector512<int> Indices => Vector512<int>.Indices;

    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadPartial(float* source, nint count) => Avx512F.IsSupported
        ? Avx512F.MaskLoad(source, FirstLanes(count), Vector512<float>.Zero)
        : CopyIn(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* destination, Vector512<float> value, nint count)
    {
        if (Avx512F.IsSupported)
            Avx512F.MaskStore(destination, FirstLanes(count), value);
        else
            CopyOut(destination, value, count);
    }

    public static void Prefetch(float* address) => Sse.Prefetch1(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreStreaming(float* destination, Vector512<float> value)
    {
        if (Avx512F.IsSupported)
            Avx512F.StoreAlignedNonTemporal(destination, value);
        else
            value.Store(destination);
    }

    public static void Store(float* destination, Vector512<float> value) => value.Store(destination);

    public static Vector512<float> Create(float value) => Vector512.Create(value);

    public static float First(Vector512<float> value) => value.ToScalar();

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    public static Vector512<float> Sqrt(Vector512<float> a) => Vector512.Sqrt(a);

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    public static bool HasScale => Avx512F.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale(Vector512<float> a, Vector512<float> n) => Avx512F.Scale(a, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectGreater(Vector512<float> a, Vector512<float> b, Vector512<float> x, Vector512<float> y) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), x, y);

    // vmaxps returns its second operand when the operands are equal or either is a NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> accumulator, Vector512<float> x) => Avx512F.IsSupported
        ? Avx512F.Max(x, accumulator)
        : Vector512.ConditionalSelect(Vector512.GreaterThan(x, accumulator), x, accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> accumulator, Vector512<float> x) => Avx512F.IsSupported
        ? Avx512F.Min(x, accumulator)
        : Vector512.ConditionalSelect(Vector512.LessThan(x, accumulator), x, accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MaxOrNaN(Vector512<float> accumulator, Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.Equals(x, x), Max(accumulator, x), x);

    // Two selections by one comparison each, which stay in mask registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectEqualOrNaN(Vector512<float> value, Vector512<float> reference, Vector512<float> x,
        Vector512<float> y) =>
        Vector512.ConditionalSelect(Vector512.Equals(value, reference), x,
            Vector512.ConditionalSelect(Vector512.Equals(value, value), y, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdered(Vector512<float> value) => Vector512.EqualsAll(value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeSum(Vector512<float> value)
    {
        Vector256<float> half = value.GetLower() + value.GetUpper();
        return V128Lanes.TreeSum(half.GetLower() + half.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeMax(Vector512<float> value)
    {
        Vector256<float> low = value.GetLower();
        Vector256<float> high = value.GetUpper();
        return V128Lanes.TreeMax(V128Lanes.Max(V128Lanes.Max(low.GetLower(), low.GetUpper()),
            V128Lanes.Max(high.GetLower(), high.GetUpper())));
    }

    public static Vector512<int> CreateInt(int value) => Vector512.Create(value);

    public static Vector512<int> AddInt(Vector512<int> a, Vector512<int> b) => a + b;

    public static Vector512<int> SubtractInt(Vector512<int> a, Vector512<int> b) => a - b;

    public static Vector512<int> MultiplyInt(Vector512<int> a, Vector512<int> b) => a * b;

    public static Vector512<int> And(Vector512<int> a, Vector512<int> b) => a & b;

    public static Vector512<int> Xor(Vector512<int> a, Vector512<int> b) => a ^ b;

    public static Vector512<int> ShiftLeft(Vector512<int> a, int bits) => a << bits;

    public static Vector512<int> ShiftRightLogical(Vector512<int> a, int bits) => a >>> bits;

    public static Vector512<int> ShiftRightArithmetic(Vector512<int> a, int bits) => a >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectGreaterInt(Vector512<int> a, Vector512<int> b, Vector512<float> x, Vector512<float> y) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, b).AsSingle(), x, y);

    public static Vector512<int> BitsOf(Vector512<float> value) => value.AsInt32();

    public static Vector512<float> FromBits(Vector512<int> bits) => bits.AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gather(float* source, Vector512<int> indices) =>
        Vector512.Create(Avx2Lanes.Gather(source, indices.GetLower()), Avx2Lanes.Gather(source, indices.GetUpper()));

    public static Vector512<float> ToFloat(Vector512<int> value) => Vector512.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FirstLanes(nint count) =>
        Vector512.GreaterThan(Vector512.Create((int)count), Vector512<int>.Indices).AsSingle();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> CopyIn(float* source, nint count)
    {
        Vector512<float> value = default;
        Unsafe.CopyBlockUnaligned(&value, source, (uint)count * sizeof(float));
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyOut(float* destination, Vector512<float> value, nint count) =>
        Unsafe.CopyBlockUnaligned(destination, &value, (uint)count * sizeof(float));
}

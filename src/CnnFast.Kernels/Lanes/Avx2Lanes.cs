using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnFast.Kernels;

/// <summary>256-bit vectors with fused multiply-add.</summary>
internal readonly unsafe struct Avx2Lanes : ILanes<Vector256<float>, Vector256<int>>
{
    public static int Count => Vector256<float>.Count;

    public static int Registers => 16;

    public static bool IsFused => true;

    public static Vector256<int> Indices => Vector256<int>.Indices;

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadPartial(float* source, nint count) =>
        Avx.MaskLoad(source, Vector256.GreaterThan(Vector256.Create((int)count), Vector256<int>.Indices).AsSingle());

    // Halves instead of a masked store, which takes tens of cycles on some processors. Inlined: around a call no vector stays in a
    // register, and compilers ahead of time inline less.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* destination, Vector256<float> value, nint count)
    {
        Vector128<float> rest = value.GetLower();
        if ((count & 4) != 0)
        {
            rest.Store(destination);
            destination += 4;
            rest = value.GetUpper();
        }

        if ((count & 2) != 0)
        {
            *(double*)destination = rest.AsDouble().ToScalar();
            destination += 2;
            rest = Vector128.Shuffle(rest.AsDouble(), Vector128.Create(1L, 1L)).AsSingle();
        }

        if ((count & 1) != 0)
            *destination = rest.ToScalar();
    }

    public static void Prefetch(float* address) => Sse.Prefetch1(address);

    public static void StoreStreaming(float* destination, Vector256<float> value) => Store(destination, value);

    public static void Store(float* destination, Vector256<float> value) => value.Store(destination);

    public static Vector256<float> Create(float value) => Vector256.Create(value);

    public static float First(Vector256<float> value) => value.ToScalar();

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    public static Vector256<float> Sqrt(Vector256<float> a) => Vector256.Sqrt(a);

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectGreater(Vector256<float> a, Vector256<float> b, Vector256<float> x, Vector256<float> y) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), x, y);

    // vmaxps returns its second operand when the operands are equal or either is a NaN.
    public static Vector256<float> Max(Vector256<float> accumulator, Vector256<float> x) => Avx.Max(x, accumulator);

    public static Vector256<float> Min(Vector256<float> accumulator, Vector256<float> x) => Avx.Min(x, accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MaxOrNaN(Vector256<float> accumulator, Vector256<float> x) =>
        Avx.BlendVariable(Avx.Max(x, accumulator), x, Avx.CompareUnordered(x, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectEqualOrNaN(Vector256<float> value, Vector256<float> reference, Vector256<float> x,
        Vector256<float> y) =>
        Vector256.ConditionalSelect(Vector256.Equals(value, reference) | ~Vector256.Equals(value, value), x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdered(Vector256<float> value) => Vector256.EqualsAll(value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeSum(Vector256<float> value) => V128Lanes.TreeSum(value.GetLower() + value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeMax(Vector256<float> value) => V128Lanes.TreeMax(V128Lanes.Max(value.GetLower(), value.GetUpper()));

    public static Vector256<int> CreateInt(int value) => Vector256.Create(value);

    public static Vector256<int> AddInt(Vector256<int> a, Vector256<int> b) => a + b;

    public static Vector256<int> SubtractInt(Vector256<int> a, Vector256<int> b) => a - b;

    public static Vector256<int> MultiplyInt(Vector256<int> a, Vector256<int> b) => a * b;

    public static Vector256<int> And(Vector256<int> a, Vector256<int> b) => a & b;

    public static Vector256<int> Xor(Vector256<int> a, Vector256<int> b) => a ^ b;

    public static Vector256<int> ShiftLeft(Vector256<int> a, int bits) => a << bits;

    public static Vector256<int> ShiftRightLogical(Vector256<int> a, int bits) => a >>> bits;

    public static Vector256<int> ShiftRightArithmetic(Vector256<int> a, int bits) => a >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectGreaterInt(Vector256<int> a, Vector256<int> b, Vector256<float> x, Vector256<float> y) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(a, b).AsSingle(), x, y);

    public static Vector256<int> BitsOf(Vector256<float> value) => value.AsInt32();

    public static Vector256<float> FromBits(Vector256<int> bits) => bits.AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gather(float* source, Vector256<int> indices) => Avx2.GatherVector256(source, indices, sizeof(float));

    public static Vector256<float> ToFloat(Vector256<int> value) => Vector256.ConvertToSingle(value);
}

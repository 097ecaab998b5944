using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// The ReLU with a slope a column below 0, over a row-major matrix: vectors lie across columns, of the last only the columns that exist
/// are touched.
/// The scalar twin is the same code on <see cref="ScalarLanes"/> (with fused multiply-add for the fused tiers).
/// </summary>
internal static unsafe class PReLULoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>y = x &lt; 0 ? x·slope : x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* x, float* slopes, float* y, nint rows, nint columns)
    {
        for (nint row = 0; row < rows; row++, x += columns, y += columns)
        {
            nint j = 0;
            for (; j <= columns - L.Count; j += L.Count)
                L.Store(y + j, LeakyReLUFunction.Forward<L, V, I>(L.Load(x + j), L.Load(slopes + j), default));
            if (j < columns)
            {
                nint rest = columns - j;
                L.StorePartial(y + j,
                    LeakyReLUFunction.Forward<L, V, I>(L.LoadPartial(x + j, rest), L.LoadPartial(slopes + j, rest), default), rest);
            }
        }
    }

    /// <summary>dx = x &gt; 0 ? dy : slope·dy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* x, float* dy, float* slopes, float* dx, nint rows, nint columns)
    {
        for (nint row = 0; row < rows; row++, x += columns, dy += columns, dx += columns)
        {
            nint j = 0;
            for (; j <= columns - L.Count; j += L.Count)
                L.Store(dx + j, LeakyReLUFunction.Gradient<L, V, I>(L.Load(x + j), L.Load(dy + j), L.Load(slopes + j), default));
            if (j < columns)
            {
                nint rest = columns - j;
                V gradient = LeakyReLUFunction.Gradient<L, V, I>(L.LoadPartial(x + j, rest), L.LoadPartial(dy + j, rest),
                    L.LoadPartial(slopes + j, rest), default);
                L.StorePartial(dx + j, gradient, rest);
            }
        }
    }

    /// <summary>sums[j] = the sum over the rows of min(x, 0)·dy: one chain a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SlopeSums(float* x, float* dy, float* sums, nint rows, nint columns)
    {
        nint j = 0;
        for (; j <= columns - L.Count; j += L.Count)
        {
            V sum = L.Create(0f);
            for (nint i = j, row = 0; row < rows; row++, i += columns)
                sum = L.MultiplyAdd(L.Min(L.Load(x + i), L.Create(0f)), L.Load(dy + i), sum);
            L.Store(sums + j, sum);
        }

        if (j < columns)
        {
            nint rest = columns - j;
            V sum = L.Create(0f);
            for (nint i = j, row = 0; row < rows; row++, i += columns)
                sum = L.MultiplyAdd(L.Min(L.LoadPartial(x + i, rest), L.Create(0f)), L.LoadPartial(dy + i, rest), sum);
            L.StorePartial(sums + j, sum, rest);
        }
    }
}

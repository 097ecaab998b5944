using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Reductions of one contiguous row. Element i goes to virtual lane i mod 16, lanes are chains in order of i, and the lanes are
/// added as a fixed tree (16 → 8 → 4 → 2 → 1): the bits do not depend on the vector width.
/// </summary>
internal static unsafe class RowReductions<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    private const int VirtualLanes = 16;

    /// <summary>The largest element; the value is unspecified where an element is a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* x, nint count)
    {
        float best = float.NegativeInfinity;
        nint i = 0;
        if (count >= L.Count)
        {
            V lanes = L.Load(x);
            for (i = L.Count; i <= count - L.Count; i += L.Count)
                lanes = L.Max(lanes, L.Load(x + i));
            float* spilled = stackalloc float[L.Count];
            L.Store(spilled, lanes);
            for (int lane = 0; lane < L.Count; lane++)
                best = ScalarLanes.Max(best, spilled[lane]);
        }

        for (; i < count; i++)
            best = ScalarLanes.Max(best, x[i]);
        return best;
    }

    /// <summary>The sum over i of the term of a[i] and b[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum<TTerm>(float* a, float* b, nint count, TTerm term)
        where TTerm : struct, IReductionTerm<V>
    {
        float* lanes = stackalloc float[VirtualLanes];
        new Span<float>(lanes, VirtualLanes).Clear();
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            float* lane = lanes + (i & (VirtualLanes - 1));
            L.Store(lane, term.Accumulate(L.Load(lane), L.Load(a + i), L.Load(b + i)));
        }

        if (i < count)
        {
            float* lane = lanes + (i & (VirtualLanes - 1));
            L.StorePartial(lane, term.Accumulate(L.Load(lane), L.LoadPartial(a + i, count - i), L.LoadPartial(b + i, count - i)), count - i);
        }

        for (int width = VirtualLanes / 2; width > 0; width /= 2)
        {
            for (int lane = 0; lane < width; lane++)
                lanes[lane] += lanes[lane + width];
        }

        return lanes[0];
    }
}

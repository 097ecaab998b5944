using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Reductions of one contiguous row. Element i goes to virtual lane i mod 16, lanes are chains in order of i, and the lanes are
/// added as a fixed tree (16 → 8 → 4 → 2 → 1): the bits do not depend on the vector width. Vectors keep the 16 lanes in registers.
/// </summary>
internal static unsafe class RowReductions<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    private const int VirtualLanes = 16;

    /// <summary>The largest element; the value is unspecified where an element is a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float* x, nint count)
    {
        V lanes = L.Create(float.NegativeInfinity);
        nint i = 0;
        if (count >= 4 * L.Count)
        {
            V lanes1 = lanes, lanes2 = lanes, lanes3 = lanes;
            for (; i <= count - (4 * L.Count); i += 4 * L.Count)
            {
                lanes = L.Max(lanes, L.Load(x + i));
                lanes1 = L.Max(lanes1, L.Load(x + i + L.Count));
                lanes2 = L.Max(lanes2, L.Load(x + i + (2 * L.Count)));
                lanes3 = L.Max(lanes3, L.Load(x + i + (3 * L.Count)));
            }

            lanes = L.Max(L.Max(lanes, lanes1), L.Max(lanes2, lanes3));
        }

        for (; i <= count - L.Count; i += L.Count)
            lanes = L.Max(lanes, L.Load(x + i));
        if (i < count)
            lanes = L.Max(lanes, First(L.LoadPartial(x + i, count - i), count - i, L.Create(float.NegativeInfinity)));
        return L.TreeMax(lanes);
    }

    /// <summary>The sum of the terms of elements 0 to <paramref name="count"/> − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum<TTerm>(nint count, TTerm term)
        where TTerm : struct, IReductionTerm<V>
    {
        if (sizeof(V) is not (4 * sizeof(float)) and not (8 * sizeof(float)) and not (VirtualLanes * sizeof(float)))
            return SumInMemory(count, term);
        V a = L.Create(0f), b = a, c = a, d = a;
        nint i = 0;
        for (; i <= count - VirtualLanes; i += VirtualLanes)
        {
            a = term.Accumulate(a, i);
            if (sizeof(V) <= 8 * sizeof(float))
                b = term.Accumulate(b, i + L.Count);
            if (sizeof(V) <= 4 * sizeof(float))
            {
                c = term.Accumulate(c, i + (2 * L.Count));
                d = term.Accumulate(d, i + (3 * L.Count));
            }
        }

        if (i < count)
            a = AccumulateRest(a, i, count, term);
        if (sizeof(V) <= 8 * sizeof(float) && i + L.Count < count)
            b = AccumulateRest(b, i + L.Count, count, term);
        if (sizeof(V) <= 4 * sizeof(float) && i + (2 * L.Count) < count)
            c = AccumulateRest(c, i + (2 * L.Count), count, term);
        if (sizeof(V) <= 4 * sizeof(float) && i + (3 * L.Count) < count)
            d = AccumulateRest(d, i + (3 * L.Count), count, term);
        if (sizeof(V) <= 4 * sizeof(float))
        {
            a = L.Add(a, c);
            b = L.Add(b, d);
        }

        return L.TreeSum(sizeof(V) <= 8 * sizeof(float) ? L.Add(a, b) : a);
    }

    /// <summary>The first <paramref name="count"/> lanes of a vector, the others from another one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V First(V value, nint count, V others) => L.SelectGreaterInt(L.CreateInt((int)count), L.Indices, value, others);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AccumulateRest<TTerm>(V sum, nint i, nint count, TTerm term)
        where TTerm : struct, IReductionTerm<V> =>
        i <= count - L.Count ? term.Accumulate(sum, i) : term.AccumulatePartial(sum, i, count - i);

    // The scalar tiers.
    private static float SumInMemory<TTerm>(nint count, TTerm term)
        where TTerm : struct, IReductionTerm<V>
    {
        float* lanes = stackalloc float[VirtualLanes];
        new Span<float>(lanes, VirtualLanes).Clear();
        for (nint i = 0; i < count; i += L.Count)
        {
            float* lane = lanes + (i & (VirtualLanes - 1));
            L.Store(lane, term.Accumulate(L.Load(lane), i));
        }

        for (int width = VirtualLanes / 2; width > 0; width /= 2)
        {
            for (int lane = 0; lane < width; lane++)
                lanes[lane] += lanes[lane + width];
        }

        return lanes[0];
    }
}

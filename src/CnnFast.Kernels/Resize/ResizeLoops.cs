using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Resizing along one axis. x is [positions, length], y is [outputs, length]; a position is a pixel (length = channels) or a whole row of
/// pixels. Each element is one chain over its taps in order: four vectors of a position at once, then single ones, then a partial one. The
/// scalar twin is the same code on <see cref="ScalarLanes"/> (with fused multiply-add for the fused tiers).
/// </summary>
internal static unsafe class ResizeLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>
    /// y[o] = the sum of the weights times x[index] of the taps begins[o] … begins[o + 1] − 1; zero where there are none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WeightedSum(float* x, float* y, ResizeTap* taps, int* begins, nint outputs, nint length)
    {
        for (nint o = 0; o < outputs; o++)
        {
            ResizeTap* first = taps + begins[o];
            ResizeTap* end = taps + begins[o + 1];
            float* to = y + (o * length);
            if (first == end)
            {
                Clear(to, length);
                continue;
            }

            nint c = 0;
            for (; c <= length - (4 * L.Count); c += 4 * L.Count)
            {
                float* from = x + (first->Index * length) + c;
                V weight = L.Create(first->Weight);
                V s0 = L.Multiply(L.Load(from), weight);
                V s1 = L.Multiply(L.Load(from + L.Count), weight);
                V s2 = L.Multiply(L.Load(from + (2 * L.Count)), weight);
                V s3 = L.Multiply(L.Load(from + (3 * L.Count)), weight);
                for (ResizeTap* tap = first + 1; tap < end; tap++)
                {
                    from = x + (tap->Index * length) + c;
                    weight = L.Create(tap->Weight);
                    s0 = L.MultiplyAdd(L.Load(from), weight, s0);
                    s1 = L.MultiplyAdd(L.Load(from + L.Count), weight, s1);
                    s2 = L.MultiplyAdd(L.Load(from + (2 * L.Count)), weight, s2);
                    s3 = L.MultiplyAdd(L.Load(from + (3 * L.Count)), weight, s3);
                }

                L.Store(to + c, s0);
                L.Store(to + c + L.Count, s1);
                L.Store(to + c + (2 * L.Count), s2);
                L.Store(to + c + (3 * L.Count), s3);
            }

            for (; c <= length - L.Count; c += L.Count)
            {
                V s = L.Multiply(L.Load(x + (first->Index * length) + c), L.Create(first->Weight));
                for (ResizeTap* tap = first + 1; tap < end; tap++)
                    s = L.MultiplyAdd(L.Load(x + (tap->Index * length) + c), L.Create(tap->Weight), s);
                L.Store(to + c, s);
            }

            if (c < length)
            {
                V s = L.Multiply(L.LoadPartial(x + (first->Index * length) + c, length - c), L.Create(first->Weight));
                for (ResizeTap* tap = first + 1; tap < end; tap++)
                    s = L.MultiplyAdd(L.LoadPartial(x + (tap->Index * length) + c, length - c), L.Create(tap->Weight), s);
                L.StorePartial(to + c, s, length - c);
            }
        }
    }

    private static void Clear(float* to, nint length)
    {
        V zero = L.Create(0f);
        nint c = 0;
        for (; c <= length - L.Count; c += L.Count)
            L.Store(to + c, zero);
        if (c < length)
            L.StorePartial(to + c, zero, length - c);
    }
}

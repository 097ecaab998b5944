using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Pooling over NHWC images: vectors lie across channels, taps are visited row by row, four vectors of channels at once so that four
/// chains are in flight. The channels left over take single vectors and one that is not full: a partial vector that touches only them, or, where
/// that stays within the run, a whole vector whose surplus lanes fall on pixels and outputs that the run writes later.
/// One output is one chain over its taps in that order at any width: the scalar twin is the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal static unsafe class PoolLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>y = the first maximum of the window, or its first NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaxForward(float* x, float* y, PoolRun* run) => Forward<Maximum>(x, y, run);

    /// <summary>y = the sum of the window's taps times the scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AverageForward(float* x, float* y, PoolRun* run) => Forward<Average>(x, y, run);

    /// <summary>Routes dy to the first tap of the window that equals y (or is a NaN), 0 to the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaxBackward(float* x, float* y, float* dy, float* dx, PoolRun* run)
    {
        nint channels = run->Channels;
        // Channels are the outer loop here: with a second vector of them the surplus would fall on taps that are stored already.
        nint overhanging = run->Disjoint && channels < L.Count ? OverhangingWindows(run) : 0;
        for (nint window = 0; window < run->Windows; window++)
        {
            nint end = window < overhanging ? channels : channels - L.Count + 1;
            nint c = 0;
            for (; c < end; c += L.Count)
            {
                V maximum = L.Load(y + c);
                V rest = L.Load(dy + c);
                for (nint row = 0; row < run->Rows; row++)
                {
                    nint tap = (row * run->RowStride) + c;
                    for (nint column = 0; column < run->Columns; column++, tap += run->ColumnStride)
                    {
                        V value = L.Load(x + tap);
                        V share = L.SelectEqualOrNaN(value, maximum, rest, L.Create(0f));
                        rest = L.SelectEqualOrNaN(value, maximum, L.Create(0f), rest);
                        L.Store(dx + tap, run->Disjoint ? share : L.Add(L.Load(dx + tap), share));
                    }
                }
            }

            if (c < channels)
                MaxBackwardPartial(x + c, L.LoadPartial(y + c, channels - c), L.LoadPartial(dy + c, channels - c), dx + c, run, channels - c);
            x += run->WindowStride;
            dx += run->WindowStride;
            y += channels;
            dy += channels;
        }
    }

    /// <summary>Adds dy times the scale to each tap of the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AverageBackward(float* dy, float* dx, PoolRun* run)
    {
        nint channels = run->Channels;
        V scale = L.Create(run->Scale);
        nint overhanging = run->Disjoint ? OverhangingWindows(run) : 0;
        for (nint window = 0; window < run->Windows; window++)
        {
            nint end = window < overhanging ? channels : channels - L.Count + 1;
            for (nint row = 0; row < run->Rows; row++)
            {
                float* tap = dx + (row * run->RowStride);
                for (nint column = 0; column < run->Columns; column++, tap += run->ColumnStride)
                {
                    nint c = 0;
                    for (; c < end; c += L.Count)
                    {
                        V share = L.Multiply(L.Load(dy + c), scale);
                        L.Store(tap + c, run->Disjoint ? share : L.Add(L.Load(tap + c), share));
                    }

                    if (c < channels)
                    {
                        V share = L.Multiply(L.LoadPartial(dy + c, channels - c), scale);
                        L.StorePartial(tap + c, run->Disjoint ? share : L.Add(L.LoadPartial(tap + c, channels - c), share), channels - c);
                    }
                }
            }

            dx += run->WindowStride;
            dy += channels;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Forward<TPooling>(float* x, float* y, PoolRun* run)
        where TPooling : struct, IPooling
    {
        nint channels = run->Channels;
        nint rows = run->Rows;
        nint columns = run->Columns;
        nint columnStride = run->ColumnStride;
        nint rowStride = run->RowStride;
        V scale = L.Create(run->Scale);
        nint overhanging = OverhangingWindows(run);
        for (nint window = 0; window < run->Windows; window++)
        {
            nint end = window < overhanging ? channels : channels - L.Count + 1;
            nint c = 0;
            for (; c <= channels - (4 * L.Count); c += 4 * L.Count)
            {
                float* top = x + c;
                V a0 = TPooling.Start(L.Load(top));
                V a1 = TPooling.Start(L.Load(top + L.Count));
                V a2 = TPooling.Start(L.Load(top + (2 * L.Count)));
                V a3 = TPooling.Start(L.Load(top + (3 * L.Count)));
                for (nint row = 0; row < rows; row++, top += rowStride)
                {
                    float* tap = top;
                    for (nint column = 0; column < columns; column++, tap += columnStride)
                    {
                        a0 = TPooling.Take(a0, L.Load(tap));
                        a1 = TPooling.Take(a1, L.Load(tap + L.Count));
                        a2 = TPooling.Take(a2, L.Load(tap + (2 * L.Count)));
                        a3 = TPooling.Take(a3, L.Load(tap + (3 * L.Count)));
                    }
                }

                L.Store(y + c, TPooling.Finish(a0, scale));
                L.Store(y + c + L.Count, TPooling.Finish(a1, scale));
                L.Store(y + c + (2 * L.Count), TPooling.Finish(a2, scale));
                L.Store(y + c + (3 * L.Count), TPooling.Finish(a3, scale));
            }

            for (; c < end; c += L.Count)
            {
                float* top = x + c;
                V a = TPooling.Start(L.Load(top));
                for (nint row = 0; row < rows; row++, top += rowStride)
                {
                    float* tap = top;
                    for (nint column = 0; column < columns; column++, tap += columnStride)
                        a = TPooling.Take(a, L.Load(tap));
                }

                L.Store(y + c, TPooling.Finish(a, scale));
            }

            if (c < channels)
            {
                nint rest = channels - c;
                float* top = x + c;
                V a = TPooling.Start(L.LoadPartial(top, rest));
                for (nint row = 0; row < rows; row++, top += rowStride)
                {
                    float* tap = top;
                    for (nint column = 0; column < columns; column++, tap += columnStride)
                        a = TPooling.Take(a, L.LoadPartial(tap, rest));
                }

                L.StorePartial(y + c, TPooling.Finish(a, scale), rest);
            }

            x += run->WindowStride;
            y += channels;
        }
    }

    /// <summary>
    /// How many of the run's first windows may take a whole vector for their last channels: its loads end within the last window's taps of the
    /// same row, its stores within the run's outputs (or, backward over disjoint windows, within taps that are stored later).
    /// </summary>
    private static nint OverhangingWindows(PoolRun* run)
    {
        nint overhang = (L.Count - (run->Channels % L.Count)) % L.Count;
        nint step = Math.Min(run->WindowStride, run->Channels);
        return overhang == 0 ? 0 : Math.Max(0, run->Windows - (nint)(((uint)overhang + (uint)step - 1) / (uint)step));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaxBackwardPartial(float* x, V maximum, V rest, float* dx, PoolRun* run, nint count)
    {
        for (nint row = 0; row < run->Rows; row++)
        {
            nint tap = row * run->RowStride;
            for (nint column = 0; column < run->Columns; column++, tap += run->ColumnStride)
            {
                V value = L.LoadPartial(x + tap, count);
                V share = L.SelectEqualOrNaN(value, maximum, rest, L.Create(0f));
                rest = L.SelectEqualOrNaN(value, maximum, L.Create(0f), rest);
                L.StorePartial(dx + tap, run->Disjoint ? share : L.Add(L.LoadPartial(dx + tap, count), share), count);
            }
        }
    }

    private interface IPooling
    {
        static abstract V Start(V first);

        static abstract V Take(V accumulator, V tap);

        static abstract V Finish(V accumulator, V scale);
    }

    private readonly struct Maximum : IPooling
    {
        public static V Start(V first) => first;

        public static V Take(V accumulator, V tap) => L.MaxOrNaN(accumulator, tap);

        public static V Finish(V accumulator, V scale) => accumulator;
    }

    private readonly struct Average : IPooling
    {
        public static V Start(V first) => L.Create(0f);

        public static V Take(V accumulator, V tap) => L.Add(accumulator, tap);

        public static V Finish(V accumulator, V scale) => L.Multiply(accumulator, scale);
    }
}

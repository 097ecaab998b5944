using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Pooling over NHWC images: vectors lie across channels, taps are visited row by row. Many channels are taken four vectors at once, so
/// that four chains are in flight; few channels in windows of two and three columns, the usual ones, a vector at a time through all their
/// taps, and so are all channels backward. The channels left over take one vector that is not full: a partial vector that touches only
/// them, or, where that stays within the run, a whole vector whose surplus lanes fall on pixels and outputs that the run writes later.
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
        if (run->Disjoint)
            MaxBackward<Store>(x, y, dy, dx, run);
        else
            MaxBackward<Accumulate>(x, y, dy, dx, run);
    }

    /// <summary>Adds dy times the scale to each tap of the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AverageBackward(float* dy, float* dx, PoolRun* run)
    {
        if (run->Disjoint)
            AverageBackward<Store>(dy, dx, run);
        else
            AverageBackward<Accumulate>(dy, dx, run);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Forward<TPooling>(float* x, float* y, PoolRun* run)
        where TPooling : struct, IPooling
    {
        if (run->Columns == 2 && run->Channels < 4 * L.Count)
            ForwardNarrow<TPooling, Two>(x, y, run);
        else if (run->Columns == 3 && run->Channels < 4 * L.Count)
            ForwardNarrow<TPooling, Three>(x, y, run);
        else
            ForwardWide<TPooling>(x, y, run);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardNarrow<TPooling, TColumns>(float* x, float* y, PoolRun* run)
        where TPooling : struct, IPooling
        where TColumns : struct, IColumns
    {
        nint channels = run->Channels;
        nint rows = run->Rows;
        nint columnStride = run->ColumnStride;
        nint rowStride = run->RowStride;
        nint outputStride = run->OutputStride;
        V scale = L.Create(run->Scale);
        nint overhanging = OverhangingWindows(run);
        for (nint window = 0; window < run->Windows; window++)
        {
            nint end = window < overhanging ? channels : channels - L.Count + 1;
            nint c = 0;
            for (; c < end; c += L.Count)
            {
                float* top = x + c;
                V a = TPooling.Start(L.Load(top));
                for (nint row = 0; row < rows; row++, top += rowStride)
                {
                    a = TPooling.Take(TPooling.Take(a, L.Load(top)), L.Load(top + columnStride));
                    if (TColumns.Count == 3)
                        a = TPooling.Take(a, L.Load(top + (2 * columnStride)));
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
                    a = TPooling.Take(TPooling.Take(a, L.LoadPartial(top, rest)), L.LoadPartial(top + columnStride, rest));
                    if (TColumns.Count == 3)
                        a = TPooling.Take(a, L.LoadPartial(top + (2 * columnStride), rest));
                }

                L.StorePartial(y + c, TPooling.Finish(a, scale), rest);
            }

            x += run->WindowStride;
            y += outputStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardWide<TPooling>(float* x, float* y, PoolRun* run)
        where TPooling : struct, IPooling
    {
        nint channels = run->Channels;
        nint rows = run->Rows;
        nint columns = run->Columns;
        nint columnStride = run->ColumnStride;
        nint rowStride = run->RowStride;
        nint outputStride = run->OutputStride;
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
            y += outputStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MaxBackward<TGradient>(float* x, float* y, float* dy, float* dx, PoolRun* run)
        where TGradient : struct, IGradient
    {
        if (run->Columns == 2)
            MaxBackwardColumns<TGradient, Two>(x, y, dy, dx, run);
        else if (run->Columns == 3)
            MaxBackwardColumns<TGradient, Three>(x, y, dy, dx, run);
        else
            MaxBackwardColumns<TGradient, Any>(x, y, dy, dx, run);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaxBackwardColumns<TGradient, TColumns>(float* x, float* y, float* dy, float* dx, PoolRun* run)
        where TGradient : struct, IGradient
        where TColumns : struct, IColumns
    {
        nint channels = run->Channels;
        nint rows = run->Rows;
        nint columnStride = run->ColumnStride;
        nint rowStride = run->RowStride;
        nint overhanging = ScatteringWindows(run);
        for (nint window = 0; window < run->Windows; window++)
        {
            nint end = window < overhanging ? channels : channels - L.Count + 1;
            nint c = 0;
            for (; c < end; c += L.Count)
            {
                V maximum = L.Load(y + c);
                V rest = L.Load(dy + c);
                if (run->SkippedRows != 0 || !L.IsOrdered(maximum))
                {
                    MaxBackwardSlow<TGradient>(x + c, y + c, dy + c, dx + c, run);
                    continue;
                }

                float* from = x + c;
                float* to = dx + c;
                for (nint row = 0; row < rows; row++, from += rowStride, to += rowStride)
                {
                    if (TColumns.Count != 0)
                    {
                        rest = Route<TGradient>(L.Load(from), maximum, rest, to);
                        rest = Route<TGradient>(L.Load(from + columnStride), maximum, rest, to + columnStride);
                        if (TColumns.Count == 3)
                            rest = Route<TGradient>(L.Load(from + (2 * columnStride)), maximum, rest, to + (2 * columnStride));
                    }
                    else
                    {
                        for (nint column = 0; column < run->Columns; column++)
                            rest = Route<TGradient>(L.Load(from + (column * columnStride)), maximum, rest, to + (column * columnStride));
                    }
                }
            }

            if (c < channels)
                MaxBackwardPartial<TGradient>(x + c, y + c, dy + c, dx + c, run, channels - c);
            x += run->WindowStride;
            dx += run->WindowStride;
            y += channels;
            dy += channels;
        }
    }

    // Without NaNs a tap is the maximum unless the maximum is greater.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Route<TGradient>(V value, V maximum, V rest, float* to)
        where TGradient : struct, IGradient
    {
        TGradient.Give(to, L.SelectGreater(maximum, value, L.Create(0f), rest));
        return L.SelectGreater(maximum, value, rest, L.Create(0f));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MaxBackwardSlow<TGradient>(float* x, float* y, float* dy, float* dx, PoolRun* run)
        where TGradient : struct, IGradient
    {
        V maximum = L.Load(y);
        V rest = L.Load(dy);
        for (nint row = 0; row < run->Rows; row++)
        {
            nint tap = row * run->RowStride;
            for (nint column = 0; column < run->Columns; column++, tap += run->ColumnStride)
            {
                V value = L.Load(x + tap);
                if (row >= run->SkippedRows)
                    TGradient.Give(dx + tap, L.SelectEqualOrNaN(value, maximum, rest, L.Create(0f)));
                rest = L.SelectEqualOrNaN(value, maximum, L.Create(0f), rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaxBackwardPartial<TGradient>(float* x, float* y, float* dy, float* dx, PoolRun* run, nint count)
        where TGradient : struct, IGradient
    {
        V maximum = L.LoadPartial(y, count);
        V rest = L.LoadPartial(dy, count);
        for (nint row = 0; row < run->Rows; row++)
        {
            nint tap = row * run->RowStride;
            for (nint column = 0; column < run->Columns; column++, tap += run->ColumnStride)
            {
                V value = L.LoadPartial(x + tap, count);
                if (row >= run->SkippedRows)
                    TGradient.GivePartial(dx + tap, L.SelectEqualOrNaN(value, maximum, rest, L.Create(0f)), count);
                rest = L.SelectEqualOrNaN(value, maximum, L.Create(0f), rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AverageBackward<TGradient>(float* dy, float* dx, PoolRun* run)
        where TGradient : struct, IGradient
    {
        dx += run->SkippedRows * run->RowStride;
        if (run->Columns == 2)
            AverageBackwardNarrow<TGradient, Two>(dy, dx, run);
        else if (run->Columns == 3)
            AverageBackwardNarrow<TGradient, Three>(dy, dx, run);
        else
            AverageBackwardWide<TGradient>(dy, dx, run);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AverageBackwardNarrow<TGradient, TColumns>(float* dy, float* dx, PoolRun* run)
        where TGradient : struct, IGradient
        where TColumns : struct, IColumns
    {
        nint channels = run->Channels;
        nint rows = run->Rows - run->SkippedRows;
        nint columnStride = run->ColumnStride;
        nint rowStride = run->RowStride;
        V scale = L.Create(run->Scale);
        nint overhanging = ScatteringWindows(run);
        for (nint window = 0; window < run->Windows; window++)
        {
            nint end = window < overhanging ? channels : channels - L.Count + 1;
            nint c = 0;
            for (; c < end; c += L.Count)
            {
                V share = L.Multiply(L.Load(dy + c), scale);
                float* to = dx + c;
                for (nint row = 0; row < rows; row++, to += rowStride)
                {
                    TGradient.Give(to, share);
                    TGradient.Give(to + columnStride, share);
                    if (TColumns.Count == 3)
                        TGradient.Give(to + (2 * columnStride), share);
                }
            }

            if (c < channels)
            {
                nint rest = channels - c;
                V share = L.Multiply(L.LoadPartial(dy + c, rest), scale);
                float* to = dx + c;
                for (nint row = 0; row < rows; row++, to += rowStride)
                {
                    TGradient.GivePartial(to, share, rest);
                    TGradient.GivePartial(to + columnStride, share, rest);
                    if (TColumns.Count == 3)
                        TGradient.GivePartial(to + (2 * columnStride), share, rest);
                }
            }

            dx += run->WindowStride;
            dy += channels;
        }
    }

    // Taps outside, channels inside: wide windows are written in the order of memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AverageBackwardWide<TGradient>(float* dy, float* dx, PoolRun* run)
        where TGradient : struct, IGradient
    {
        nint channels = run->Channels;
        nint rows = run->Rows - run->SkippedRows;
        V scale = L.Create(run->Scale);
        nint overhanging = run->Disjoint ? OverhangingWindows(run) : 0;
        for (nint window = 0; window < run->Windows; window++)
        {
            nint end = window < overhanging ? channels : channels - L.Count + 1;
            for (nint row = 0; row < rows; row++)
            {
                float* tap = dx + (row * run->RowStride);
                for (nint column = 0; column < run->Columns; column++, tap += run->ColumnStride)
                {
                    nint c = 0;
                    for (; c < end; c += L.Count)
                        TGradient.Give(tap + c, L.Multiply(L.Load(dy + c), scale));
                    if (c < channels)
                        TGradient.GivePartial(tap + c, L.Multiply(L.LoadPartial(dy + c, channels - c), scale), channels - c);
                }
            }

            dx += run->WindowStride;
            dy += channels;
        }
    }

    /// <summary>
    /// How many of the run's first windows may take a whole vector for their last channels: its loads end within the last window's taps of
    /// the same row, its stores within the run's outputs (or, backward over disjoint windows, within taps that are stored later). None
    /// where something else lies between the outputs.
    /// </summary>
    private static nint OverhangingWindows(PoolRun* run)
    {
        nint overhang = (L.Count - (run->Channels % L.Count)) % L.Count;
        nint step = Math.Min(run->WindowStride, run->Channels);
        return overhang == 0 || run->OutputStride != run->Channels
            ? 0
            : Math.Max(0, run->Windows - (nint)(((uint)overhang + (uint)step - 1) / (uint)step));
    }

    /// <summary>
    /// As <see cref="OverhangingWindows"/>, where channels are the outer loop of a window: with a second vector of them the surplus would
    /// fall on taps that are stored already.
    /// </summary>
    private static nint ScatteringWindows(PoolRun* run) => run->Disjoint && run->Channels < L.Count ? OverhangingWindows(run) : 0;

    /// <summary>How many columns of taps a loop is unrolled for; 0 for any number.</summary>
    private interface IColumns
    {
        static abstract int Count { get; }
    }

    private interface IPooling
    {
        static abstract V Start(V first);

        static abstract V Take(V accumulator, V tap);

        static abstract V Finish(V accumulator, V scale);
    }

    private interface IGradient
    {
        static abstract void Give(float* to, V share);

        static abstract void GivePartial(float* to, V share, nint count);
    }

    private readonly struct Any : IColumns
    {
        public static int Count => 0;
    }

    private readonly struct Two : IColumns
    {
        public static int Count => 2;
    }

    private readonly struct Three : IColumns
    {
        public static int Count => 3;
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

    private readonly struct Store : IGradient
    {
        public static void Give(float* to, V share) => L.Store(to, share);

        public static void GivePartial(float* to, V share, nint count) => L.StorePartial(to, share, count);
    }

    private readonly struct Accumulate : IGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Give(float* to, V share) => L.Store(to, L.Add(L.Load(to), share));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void GivePartial(float* to, V share, nint count) => L.StorePartial(to, L.Add(L.LoadPartial(to, count), share), count);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>Packs HWIO filters into panels [terms, NR]: for each group and each panel of it, all terms of the reduction in order.</summary>
internal static unsafe class FilterPacking
{
    // Rows that are packed before they are looked at again: still in the level-1 cache.
    private const int BlockRows = 16;

    /// <summary>Packs some columns of a filter for the pixels that see some taps.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="plan">The panels of a group of its destination.</param>
    /// <param name="taps">The taps, in the order of the terms.</param>
    /// <param name="filter">The columns.</param>
    /// <param name="packed">Receives them, from the first panel on.</param>
    /// <param name="keepsDenormals">Whether numbers below 2⁻¹²⁶ stay.</param>
    public static void Pack(ConvolutionPass pass, PanelPlan plan, ReadOnlySpan<FilterTap> taps, in FilterColumns filter, Span<float> packed,
        bool keepsDenormals)
    {
        if (pass.IsForward)
            PackForward(pass.Geometry, plan, filter, packed, keepsDenormals);
        else
            PackBackward(pass.Geometry, plan, taps, filter, packed, keepsDenormals);
    }

    // Columns of a panel are output channels: they are contiguous in the filter, so a term is one copy. Missing columns are zero.
    private static void PackForward(Conv2DGeometry g, PanelPlan plan, in FilterColumns filter, Span<float> packed, bool keepsDenormals)
    {
        int terms = g.KH * g.KW * g.GroupC;
        int at = 0;
        for (int group = 0; group < g.Groups; group++)
        {
            foreach (GemmPanel panel in plan.Panels)
            {
                int nr = panel.Kernel.NR;
                int columns = panel.Columns;
                int first = (group * g.GroupOC) + panel.Column;
                (int from, int end) = filter.Among(first, columns);
                if (from < end)
                    CopyRows(filter, from, end, packed.Slice(at, terms * nr), from - first, nr, end == first + columns, keepsDenormals);
                at += terms * nr;
            }
        }
    }

    // The rows of some columns, nr floats apart; with the last columns, what is missing behind them.
    private static void CopyRows(in FilterColumns filter, int from, int end, Span<float> panel, int column, int nr, bool isEnd,
        bool keepsDenormals)
    {
        int terms = panel.Length / nr;
        int used = column + end - from;
        bool isWhole = column == 0 && isEnd;
        fixed (float* values = filter.Values, to = panel)
        {
            for (int block = 0; block < terms; block += BlockRows)
            {
                int rows = Math.Min(BlockRows, terms - block);
                CopyRows(values + ((nint)block * filter.Pitch) + (from - filter.First), filter.Pitch, to + ((nint)block * nr) + column, nr,
                    rows, end - from, isEnd ? nr - used : 0);
                if (keepsDenormals)
                    continue;
                Span<float> packedRows = panel.Slice(block * nr, rows * nr);
                if (isWhole)
                {
                    Denormals.Flush(packedRows);
                    continue;
                }

                // Other columns of the rows may be another thread's.
                for (int row = 0; row < rows; row++)
                    Denormals.Flush(packedRows[((row * nr) + column)..((row * nr) + used)]);
            }
        }
    }

    /// <summary>Copies rows, and zeros behind each.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="pitch">Floats from a row to the next.</param>
    /// <param name="to">Where the first goes.</param>
    /// <param name="nr">Floats from a copy to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Floats of a row.</param>
    /// <param name="zeros">Zeros behind them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyRows(float* from, nint pitch, float* to, nint nr, nint rows, nint columns, nint zeros)
    {
        for (; rows > 0; rows--, from += pitch, to += nr)
        {
            nint i = 0;
            for (; i <= columns - 8; i += 8)
                Vector256.Load(from + i).Store(to + i);
            for (; i < columns; i++)
                to[i] = from[i];
            for (; i < columns + zeros; i++)
                to[i] = 0;
        }
    }

    // Columns of a panel are input channels and terms are taps × output channels: the filter transposed. Missing columns are zero.
    private static void PackBackward(
        Conv2DGeometry g,
        PanelPlan plan,
        ReadOnlySpan<FilterTap> taps,
        in FilterColumns filter,
        Span<float> packed,
        bool keepsDenormals)
    {
        int panelTerms = taps.Length * g.GroupOC;
        int at = 0;
        for (int group = 0; group < g.Groups; group++)
        {
            int first = group * g.GroupOC;
            (int from, int end) = filter.Among(first, g.GroupOC);
            if (from >= end)
            {
                at += panelTerms * plan.PackedColumns;
                continue;
            }

            foreach (GemmPanel panel in plan.Panels)
            {
                int nr = panel.Kernel.NR;
                Span<float> to = packed.Slice(at, panelTerms * nr);
                at += panelTerms * nr;
                for (int t = 0; t < taps.Length; t++)
                {
                    int row = (((taps[t].KH * g.KW) + taps[t].KW) * g.GroupC) + panel.Column;
                    Span<float> tap = to.Slice(((t * g.GroupOC) + from - first) * nr, (end - from) * nr);
                    TransposeRows(filter, row, panel.Columns, from, tap, nr, keepsDenormals);
                }
            }
        }
    }

    // A line of memory of as many rows at a time: rows a power of two apart share few sets of the level-1 cache.
    private static void TransposeRows(in FilterColumns filter, int row, int columns, int from, Span<float> packed, int nr,
        bool keepsDenormals)
    {
        fixed (float* values = filter.Values, to = packed)
        {
            float* first = values + ((nint)row * filter.Pitch) + (from - filter.First);
            TransposeBlock(first, filter.Pitch, columns, packed.Length / nr, to, nr, keepsDenormals);
        }
    }

    /// <summary>Packs a block of a matrix for tiles whose terms are its columns: [columns, count] to [count, NR].</summary>
    /// <param name="from">The first number.</param>
    /// <param name="pitch">Floats from a row of the matrix to the next.</param>
    /// <param name="columns">Columns of the panel that exist, which are rows of the matrix; the others are zero.</param>
    /// <param name="count">Terms.</param>
    /// <param name="packed">Receives the panel.</param>
    /// <param name="nr">The panel's width.</param>
    /// <param name="keepsDenormals">Whether numbers below 2⁻¹²⁶ stay.</param>
    public static void TransposeBlock(float* from, nint pitch, int columns, int count, float* packed, int nr, bool keepsDenormals)
    {
        for (int block = 0; block < count; block += BlockRows)
        {
            int rows = Math.Min(BlockRows, count - block);
            var packedRows = new Span<float>(packed + ((nint)block * nr), rows * nr);
            if (columns < nr)
                packedRows.Clear();
            for (int column = 0; column < columns; column += BlockRows)
            {
                PlanarCopy.ToPlanes(from + (column * pitch) + block, pitch, Math.Min(BlockRows, columns - column), rows,
                    packed + ((nint)block * nr) + column, nr);
            }

            if (!keepsDenormals)
                Denormals.Flush(packedRows);
        }
    }
}

namespace CnnFast.Operators;

/// <summary>Packs HWIO filters into panels [terms, NR]: for each group and each panel of it, all terms of the reduction in order.</summary>
internal static class FilterPacking
{
    /// <summary>Packs some columns of a filter for the pixels that see some taps.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="plan">The panels of a group of its destination.</param>
    /// <param name="taps">The taps, in the order of the terms.</param>
    /// <param name="filter">The columns.</param>
    /// <param name="packed">Receives them, from the first panel on.</param>
    public static void Pack(ConvolutionPass pass, PanelPlan plan, ReadOnlySpan<FilterTap> taps, in FilterColumns filter, Span<float> packed)
    {
        if (pass.IsForward)
            PackForward(pass.Geometry, plan, filter, packed);
        else
            PackBackward(pass.Geometry, plan, taps, filter, packed);
    }

    // Columns of a panel are output channels: they are contiguous in the filter, so a term is one copy. Missing columns are zero.
    private static void PackForward(Conv2DGeometry g, PanelPlan plan, in FilterColumns filter, Span<float> packed)
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
                {
                    Span<float> to = packed.Slice(at, terms * nr);
                    for (int term = 0; term < terms; term++, to = to[nr..])
                    {
                        filter.Row(term, from, end).CopyTo(to[(from - first)..]);
                        to[columns..nr].Clear();
                    }
                }

                at += terms * nr;
            }
        }
    }

    // Columns of a panel are input channels and terms are taps × output channels: the filter transposed. Missing columns are zero.
    private static void PackBackward(
        Conv2DGeometry g,
        PanelPlan plan,
        ReadOnlySpan<FilterTap> taps,
        in FilterColumns filter,
        Span<float> packed)
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
                int columns = panel.Columns;
                Span<float> to = packed.Slice(at, panelTerms * nr);
                at += panelTerms * nr;
                for (int t = 0; t < taps.Length; t++)
                {
                    Span<float> tap = to.Slice(((t * g.GroupOC) + from - first) * nr, (end - from) * nr);
                    if (columns < nr)
                        tap.Clear();
                    int row = (((taps[t].KH * g.KW) + taps[t].KW) * g.GroupC) + panel.Column;
                    for (int j = 0; j < columns; j++)
                        Scatter(filter.Row(row + j, from, end), tap, j, nr);
                }
            }
        }
    }

    private static void Scatter(ReadOnlySpan<float> values, Span<float> to, int first, int step)
    {
        int at = first;
        foreach (float value in values)
        {
            to[at] = value;
            at += step;
        }
    }
}

namespace CnnFast.Operators;

/// <summary>Packs HWIO filters into panels [terms, NR]: for each group and each panel of it, all terms of the reduction in order.</summary>
internal static class FilterPacking
{
    /// <summary>
    /// Columns of a panel are output channels: they are contiguous in the filter, so a term is one copy. Missing columns are zero.
    /// </summary>
    public static void PackForward(Conv2DGeometry g, PanelPlan plan, ReadOnlySpan<float> filter, Span<float> packed)
    {
        int terms = g.KH * g.KW * g.GroupC;
        int at = 0;
        for (int group = 0; group < g.Groups; group++)
        {
            foreach (GemmPanel panel in plan.Panels)
            {
                int nr = panel.Kernel.NR;
                int columns = panel.Columns;
                int from = (group * g.GroupOC) + panel.Column;
                for (int term = 0; term < terms; term++, at += nr, from += g.OC)
                {
                    filter.Slice(from, columns).CopyTo(packed[at..]);
                    packed.Slice(at + columns, nr - columns).Clear();
                }
            }
        }
    }

    /// <summary>
    /// Columns of a panel are input channels and terms are taps × output channels: the filter transposed. Taps come in the order
    /// given as (KH, KW), from <paramref name="packed"/>'s start. Missing columns are zero.
    /// </summary>
    public static void PackBackward(Conv2DGeometry g, PanelPlan plan, ReadOnlySpan<FilterTap> taps, ReadOnlySpan<float> filter, Span<float> packed)
    {
        int panelTerms = taps.Length * g.GroupOC;
        int at = 0;
        for (int group = 0; group < g.Groups; group++)
        {
            foreach (GemmPanel panel in plan.Panels)
            {
                int nr = panel.Kernel.NR;
                int columns = panel.Columns;
                Span<float> to = packed.Slice(at, panelTerms * nr);
                at += panelTerms * nr;
                if (columns < nr)
                    to.Clear();
                for (int t = 0; t < taps.Length; t++)
                {
                    Span<float> tap = to.Slice(t * g.GroupOC * nr, g.GroupOC * nr);
                    int from = ((((taps[t].KH * g.KW) + taps[t].KW) * g.GroupC) + panel.Column) * g.OC;
                    from += group * g.GroupOC;
                    for (int j = 0; j < columns; j++, from += g.OC)
                        Scatter(filter.Slice(from, g.GroupOC), tap, j, nr);
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

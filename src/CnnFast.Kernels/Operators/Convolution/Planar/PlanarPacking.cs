namespace CnnFast.Operators;

/// <summary>
/// Packs filters as <see cref="PlanarConvolution"/> reads them: all terms of a destination channel one after the other, channel by channel.
/// </summary>
internal static class PlanarPacking
{
    /// <summary>Packs some columns of a filter for one phase, from the start of <paramref name="packed"/>.</summary>
    public static void Pack(ConvolutionPass pass, PlanarPhase phase, in FilterColumns filter, Span<float> packed)
    {
        if (pass.IsForward)
            PackForward(phase.Terms, filter, packed);
        else
            PackBackward(pass.Geometry, phase.Taps, filter, packed);
    }

    private static void PackForward(int terms, in FilterColumns filter, Span<float> packed)
    {
        for (int term = 0; term < terms; term++)
        {
            ReadOnlySpan<float> row = filter.Row(term);
            for (int i = 0; i < row.Length; i++)
                packed[((filter.First + i) * terms) + term] = row[i];
        }
    }

    private static void PackBackward(Conv2DGeometry g, FilterTap[] taps, in FilterColumns filter, Span<float> packed)
    {
        int at = 0;
        for (int channel = 0; channel < g.C; channel++)
        {
            int first = channel / g.GroupC * g.GroupOC;
            (int from, int end) = filter.Among(first, g.GroupOC);
            foreach (FilterTap tap in taps)
            {
                int row = (((tap.KH * g.KW) + tap.KW) * g.GroupC) + (channel % g.GroupC);
                if (from < end)
                    filter.Row(row, from, end).CopyTo(packed[(at + from - first)..]);
                at += g.GroupOC;
            }
        }
    }
}

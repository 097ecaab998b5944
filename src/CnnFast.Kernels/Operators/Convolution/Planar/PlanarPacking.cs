namespace CnnFast.Operators;

/// <summary>
/// Packs filters as <see cref="PlanarConvolution"/> reads them: all terms of a destination channel one after the other, channel by channel.
/// </summary>
internal static class PlanarPacking
{
    /// <summary>Packs some columns of a filter for one phase, from the start of <paramref name="packed"/>.</summary>
    public static void Pack(ConvolutionPass pass, PlanarPhase phase, in FilterColumns filter, Span<float> packed, bool keepsDenormals)
    {
        if (pass.IsForward)
            PackForward(phase.Terms, filter, packed, keepsDenormals);
        else
            PackBackward(pass.Geometry, phase.Taps, filter, packed, keepsDenormals);
    }

    private static unsafe void PackForward(int terms, in FilterColumns filter, Span<float> packed, bool keepsDenormals)
    {
        Span<float> columns = packed[(filter.First * terms)..(filter.End * terms)];
        fixed (float* from = filter.Values, to = columns)
            PlanarCopy.ToPlanes(from, filter.Pitch, terms, filter.End - filter.First, to, terms);
        if (!keepsDenormals)
            Denormals.Flush(columns);
    }

    private static void PackBackward(Conv2DGeometry g, FilterTap[] taps, in FilterColumns filter, Span<float> packed, bool keepsDenormals)
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
                {
                    Span<float> to = packed.Slice(at + from - first, end - from);
                    filter.Row(row, from, end).CopyTo(to);
                    if (!keepsDenormals)
                        Denormals.Flush(to);
                }

                at += g.GroupOC;
            }
        }
    }
}

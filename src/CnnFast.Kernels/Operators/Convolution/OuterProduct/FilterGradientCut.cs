namespace CnnFast.Operators;

/// <summary>
/// The units of work of a filter gradient: splits of the batch (each with its own sums, unless there is one, which writes the result) ×
/// ranges of panels × ranges of tiles.
/// </summary>
/// <param name="Splits">Splits of the batch.</param>
/// <param name="PanelRanges">Ranges of the panels of output channels.</param>
/// <param name="TileRanges">Ranges of the rows of tiles.</param>
internal readonly record struct FilterGradientCut(int Splits, int PanelRanges, int TileRanges)
{
    // Of no machine: splits decide the order of sums, and with it bits.
    private const int MostUnits = 16;
    private const int UsualUnits = 8;
    private const long LeastUnit = 1_000_000;
    private const long UsualUnit = 16_000_000;
    private const int SplitBudgetFloats = 512 * 1024;
    private const int PanelColumns = 32;
    private const int RangeTerms = 48;

    public int Units => Splits * PanelRanges * TileRanges;

    /// <summary>The cut with enough units that moves the fewest floats besides the products; of the geometry alone.</summary>
    /// <param name="g">The geometry.</param>
    /// <param name="chunks">Chunks of the batch.</param>
    /// <param name="inPlace">Whether x is read in place.</param>
    /// <param name="blocked">Whether a unit copies only the channels of its tiles.</param>
    public static FilterGradientCut Choose(Conv2DGeometry g, int chunks, bool inPlace, bool blocked)
    {
        int terms = g.KH * g.KW * g.GroupC;
        long sums = (long)terms * g.OC;
        int wanted = (int)Math.Clamp(Math.Max(Math.Min(g.MultiplyAdds / LeastUnit, UsualUnits), g.MultiplyAdds / UsualUnit), 1, MostUnits);
        int mostSplits = (int)Math.Clamp(Math.Min(chunks, SplitBudgetFloats / sums), 1, wanted);
        int mostPanels = Math.Min(wanted, g.Groups * ((g.GroupOC + PanelColumns - 1) / PanelColumns));
        int mostTiles = Math.Clamp(terms / RangeTerms, 1, wanted);
        long x = inPlace ? 0 : (long)g.N * g.H * g.W * g.C;
        long dy = (long)g.N * g.OH * g.OW * g.OC;
        FilterGradientCut best = default;
        long least = 0;
        for (int splits = 1; ; splits = Math.Min(splits * 2, mostSplits))
        {
            for (int panels = 1; ; panels = Math.Min(panels * 2, mostPanels))
            {
                int tiles = Math.Min((wanted + (splits * panels) - 1) / (splits * panels), mostTiles);
                var cut = new FilterGradientCut(splits, panels, tiles);
                long cost = (x * panels * (blocked ? 1 : tiles)) + (dy * tiles) + (splits > 1 ? 2 * sums * splits : 0);
                int units = Math.Min(cut.Units, wanted);
                int bestUnits = Math.Min(best.Units, wanted);
                if (units > bestUnits || (units == bestUnits && cost < least))
                    (best, least) = (cut, cost);
                if (panels == mostPanels)
                    break;
            }

            if (splits == mostSplits)
                break;
        }

        return best;
    }
}

namespace CnnFast.Operators;

/// <summary>
/// Which algorithm a 3×3 convolution with stride 1 takes: the least of three estimates in cycles of one core, from the sizes alone. The constants are fitted to the
/// measurements in docs/performance.md; being wrong by some percent costs as much and changes no result from one run to the next.
/// </summary>
internal static class WinogradRule
{
    // Below this many channels the transforms outweigh what the products save.
    private const int LeastChannels = 16;
    private const double MultiplyAddsPerCycle = 16;
    private const int PanelColumns = 16;

    // Cycles a channel of a tile, there and back.
    private const double Transform2 = 5;
    private const double Transform4 = 12;

    // The filters are read from memory once for every block of tiles (direct: of pixels).
    private const double FilterBytesPerCycle = 6;
    private const double CachedFilterBytes = 768 * 1024;

    /// <summary>Winograd2 or Winograd4, or null for the direct algorithm.</summary>
    public static ConvAlgorithm? Choose(WinogradMap map, int batch, ConvAlgorithm asked)
    {
        if (asked != ConvAlgorithm.Auto)
            return asked == ConvAlgorithm.Direct ? null : asked;
        if (map.SourceChannels < LeastChannels || map.Channels < LeastChannels)
            return null;
        double direct = Products(map, 9 * (double)batch * map.Rows * map.Columns) + Filters(map, 9);
        double winograd2 = Winograd(map, batch, 2, Transform2);
        double winograd4 = Winograd(map, batch, 4, Transform4);
        if (direct <= Math.Min(winograd2, winograd4))
            return null;
        return winograd2 < winograd4 ? ConvAlgorithm.Winograd2 : ConvAlgorithm.Winograd4;
    }

    private static double Winograd(WinogradMap map, int batch, int outputs, double transform)
    {
        int points = (outputs + 2) * (outputs + 2);
        double tiles = (double)batch * ((map.Rows + outputs - 1) / outputs) * ((map.Columns + outputs - 1) / outputs);
        return Products(map, tiles * points) + (tiles * transform * (map.SourceChannels + map.Channels)) + Filters(map, points);
    }

    private static double Products(WinogradMap map, double rows) =>
        rows * map.SourceChannels * ((map.Channels + PanelColumns - 1) / PanelColumns * PanelColumns) / MultiplyAddsPerCycle;

    private static double Filters(WinogradMap map, int points)
    {
        double bytes = (double)points * map.SourceChannels * map.Channels * sizeof(float);
        return bytes > CachedFilterBytes ? bytes / FilterBytesPerCycle : 0;
    }
}

namespace CnnFast.Operators;

/// <summary>
/// Which algorithm a 3×3 convolution with stride 1 takes: the least of three estimates in cycles of one core, from the sizes and the
/// largest batch, so that an operator gives an image the same bits in every batch it runs. The constants are fitted to the measurements in
/// docs/performance.md; being wrong costs some percent of time and changes no result from one run to the next.
/// </summary>
internal static class WinogradRule
{
    // Of no machine: the choice changes bits, and an image must have the same ones everywhere. So the numbers are those of one processor.

    // Below this many channels the transforms outweigh what the products save.
    private const int LeastChannels = 16;
    private const double MultiplyAddsPerCycle = 16;
    private const int PanelColumns = 16;

    // Cycles a channel of a tile, there and back.
    private const double Transform2 = 5;
    private const double Transform4 = 12;

    // Cycles to pack a weight with its 3×3 taps, or to transform it: training does so in every step.
    private const double Pack = 10;
    private const double TransformFilter2 = 20;
    private const double TransformFilter4 = 40;

    private const double SumTiles = 128;

    // What one core reads from memory.
    private const double BytesPerCycle = 6;

    // Where the transformed filter, or the sums of its gradient, would take more memory than this, Auto stays direct.
    private const double MostFilterFloats = 64 * 1024 * 1024;

    /// <summary>Winograd2 or Winograd4, or null for the direct algorithm.</summary>
    public static ConvAlgorithm? Choose(WinogradMap map, int batch, ConvAlgorithm asked)
    {
        if (asked != ConvAlgorithm.Auto)
            return asked == ConvAlgorithm.Direct ? null : asked;
        if (map.SourceChannels < LeastChannels || map.Channels < LeastChannels)
            return null;
        return Least(map, Cycles(map, batch, ConvAlgorithm.Direct), Cycles(map, batch, ConvAlgorithm.Winograd2),
            Cycles(map, batch, ConvAlgorithm.Winograd4));
    }

    /// <summary>
    /// What a forward pass of training runs: with Auto the faster of direct and F(2×2), which both give exactly 0 for a window of zeros.
    /// F(4×4) gives ±1e-7 there, and ReLU then passes gradients that it should stop (docs/numerics.md).
    /// </summary>
    public static ConvAlgorithm ForTraining(ConvolutionPass pass, ConvAlgorithm asked) => InStep(pass, asked, takesWinograd4: false);

    /// <summary>
    /// What a data gradient of training runs: as <see cref="Choose"/>, with the cost of packing or transforming the filter in each step.
    /// </summary>
    public static ConvAlgorithm ForDataGradient(ConvolutionPass pass, ConvAlgorithm asked) => InStep(pass, asked, takesWinograd4: true);

    /// <summary>The estimate of one algorithm, in cycles of one core.</summary>
    public static double Cycles(WinogradMap map, int batch, ConvAlgorithm algorithm) => algorithm switch
    {
        ConvAlgorithm.Winograd2 => Read(map, 16, batch * Winograd(map, 2, Transform2)),
        ConvAlgorithm.Winograd4 => Read(map, 36, batch * Winograd(map, 4, Transform4)),
        _ => Read(map, 9, batch * Products(map, 9 * (double)map.Rows * map.Columns)),
    };

    /// <summary>
    /// The same for the filter gradient, which sums over the batch: the more tiles, the less the sums of the points weigh.
    /// </summary>
    public static ConvAlgorithm? ChooseFilterGradient(Conv2DGeometry g, ConvAlgorithm asked)
    {
        if (asked != ConvAlgorithm.Auto)
            return asked == ConvAlgorithm.Direct ? null : asked;
        var map = WinogradMap.Of(ConvolutionPass.Forward(g));
        if (map.SourceChannels < LeastChannels || map.Channels < LeastChannels)
            return null;
        double direct = g.N * Products(map, 9 * (double)map.Rows * map.Columns);
        double winograd2 = (g.N * Winograd(map, 2, Transform2)) + Sums(map, g.N, 2);
        double winograd4 = (g.N * Winograd(map, 4, Transform4)) + Sums(map, g.N, 4);
        return Least(map, direct, winograd2, winograd4);
    }

    private static ConvAlgorithm InStep(ConvolutionPass pass, ConvAlgorithm asked, bool takesWinograd4)
    {
        if (asked != ConvAlgorithm.Auto || !WinogradMap.Serves(pass.Geometry))
            return asked;
        var map = WinogradMap.Of(pass);
        if (map.SourceChannels < LeastChannels || map.Channels < LeastChannels)
            return ConvAlgorithm.Direct;
        return Least(map, TrainingCycles(map, pass, ConvAlgorithm.Direct), TrainingCycles(map, pass, ConvAlgorithm.Winograd2),
            takesWinograd4 ? TrainingCycles(map, pass, ConvAlgorithm.Winograd4) : double.PositiveInfinity) ?? ConvAlgorithm.Direct;
    }

    private static double TrainingCycles(WinogradMap map, ConvolutionPass pass, ConvAlgorithm algorithm)
    {
        double weight = algorithm switch
        {
            ConvAlgorithm.Winograd2 => TransformFilter2,
            ConvAlgorithm.Winograd4 => TransformFilter4,
            _ => Pack,
        };
        return Cycles(map, pass.Geometry.N, algorithm) + (weight * map.SourceChannels * map.Channels);
    }

    private static ConvAlgorithm? Least(WinogradMap map, double direct, double winograd2, double winograd4)
    {
        double filter = (double)map.SourceChannels * map.Channels;
        if (36 * filter > MostFilterFloats)
            winograd4 = double.PositiveInfinity;
        if (16 * filter > MostFilterFloats || direct <= Math.Min(winograd2, winograd4))
            return null;
        return winograd2 < winograd4 ? ConvAlgorithm.Winograd2 : ConvAlgorithm.Winograd4;
    }

    // Multiplying waits for the filter where there is little to multiply with it: one image of 7×7 pixels.
    private static double Read(WinogradMap map, int points, double cycles) =>
        Math.Max(cycles, points * (double)map.SourceChannels * map.Channels * sizeof(float) / BytesPerCycle);

    // The sums are read and written once a block of tiles, and once more at the end.
    private static double Sums(WinogradMap map, int batch, int outputs)
    {
        double points = (outputs + 2) * (outputs + 2);
        double tiles = (double)batch * map.Tiles(outputs);
        return points * map.SourceChannels * map.Channels * sizeof(float) * (1 + Math.Ceiling(tiles / SumTiles)) / BytesPerCycle;
    }

    private static double Winograd(WinogradMap map, int outputs, double transform)
    {
        int points = (outputs + 2) * (outputs + 2);
        double tiles = map.Tiles(outputs);
        return Products(map, tiles * points) + (tiles * transform * ((double)map.SourceChannels + map.Channels));
    }

    private static double Products(WinogradMap map, double rows) =>
        rows * map.SourceChannels * ((map.Channels + PanelColumns - 1) / PanelColumns * PanelColumns) / MultiplyAddsPerCycle;
}

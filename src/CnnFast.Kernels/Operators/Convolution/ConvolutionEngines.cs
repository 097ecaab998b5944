using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Chooses the engine of a convolution by a fixed rule on its sizes, so that two runs never differ
/// (docs/performance.md has the measurements).
/// </summary>
internal static class ConvolutionEngines
{
    private const int MostPlanarChannels = 24;

    /// <summary>The engine of a forward pass or a data gradient.</summary>
    public static IConvolutionEngine Choose(ConvolutionPass pass, Epilogue epilogue, ConvAlgorithm algorithm, IsaLevel? isa,
        WeightPrecision precision = WeightPrecision.Full)
    {
        Conv2DGeometry g = pass.Geometry;
        if (precision == WeightPrecision.BFloat16 && BFloat16Dense.Serves(pass))
            return new BFloat16Dense(pass, KernelSelection.Choose(BFloat16Kernels.All, isa), epilogue);
        if (DepthwiseConvolution.Serves(g))
            return new DepthwiseConvolution(pass, DepthwiseKernels.Choose(pass.Channels, isa), epilogue);
        var reached = ReachedTaps.Of(g);
        if (!reached.IsAll)
        {
            var fewer = new ConvolutionPass(reached.Geometry, pass.Direction, pass.Pitch);
            return new ReachedTapsConvolution(reached, Choose(fewer, epilogue, algorithm, isa, precision));
        }

        if (WinogradMap.Serves(g) && WinogradRule.Choose(WinogradMap.Of(pass), g.N, algorithm) is { } winograd)
            return Winograd(pass, winograd, epilogue, isa);

        // Lanes are channels or pixels, whichever costs less.
        PanelPlan plan = DirectConvolution.Plan(pass, isa);
        if (PlanarConvolution.Serves(pass) && pass.GroupOut <= MostPlanarChannels)
        {
            var planar = new PlanarConvolution(pass, GemmKernels.Of(GemmKernels.Planar, isa), epilogue);
            if (planar.Cycles < plan.Cycles * pass.Groups)
                return planar;
        }

        return new DirectConvolution(pass, plan, epilogue);
    }

    /// <summary>The engine of a filter gradient.</summary>
    public static IFilterGradientEngine ChooseFilterGradient(Conv2DGeometry g, ConvAlgorithm algorithm, IsaLevel? isa)
    {
        if (DepthwiseConvolution.Serves(g))
            return new DepthwiseFilterGradient(g, KernelSelection.Choose(DepthwiseFilterKernels.All, isa));
        var reached = ReachedTaps.Of(g);
        if (!reached.IsAll)
            return new ReachedTapsFilterGradient(reached, ChooseFilterGradient(reached.Geometry, algorithm, isa));
        if (!WinogradMap.Serves(g) || WinogradRule.ChooseFilterGradient(g, algorithm) is not { } winograd)
            return OuterProductFilterGradient.Create(g, isa);
        GemmOuterKernel tile = GemmOuterKernels.Choose(g.C, 1, g.OC, isa);
        return new WinogradFilterGradient(g, KernelSelection.Choose(WinogradKernels.All, isa), tile, winograd);
    }

    // Each tile is a row of the matrix products.
    private static WinogradConvolution Winograd(ConvolutionPass pass, ConvAlgorithm algorithm, Epilogue epilogue, IsaLevel? isa)
    {
        var map = WinogradMap.Of(pass);
        long tiles = pass.Geometry.N * map.Tiles(algorithm == ConvAlgorithm.Winograd2 ? 2 : 4);
        GemmKernel tile = PanelPlan.OneTile(isa, map.Channels, tiles, map.SourceChannels);
        return new WinogradConvolution(pass, KernelSelection.Choose(WinogradKernels.All, isa), tile, algorithm, epilogue);
    }
}

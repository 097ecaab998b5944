using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>Chooses how a convolution runs: a fixed rule on its sizes, so that two runs never differ (docs/performance.md has the measurements).</summary>
internal static class ConvolutionEngines
{
    private const int MostPlanarChannels = 24;

    /// <summary>The engine of a forward pass.</summary>
    public static IConvolutionEngine Forward(Conv2DGeometry g, Epilogue epilogue, ConvAlgorithm algorithm, IsaLevel? isa, int outputPitch = 0)
    {
        if (DepthwiseConvolution.Serves(g))
            return DepthwiseConvolution.Forward(g, DepthwiseKernels.Choose(g.OC, isa), epilogue, outputPitch);
        if (WinogradMap.Serves(g) && WinogradRule.Choose(WinogradMap.Forward(g), g.N, algorithm) is { } winograd)
            return Winograd(WinogradMap.Forward(g), g.N, winograd, epilogue, transposed: false, isa, outputPitch);
        return DirectOrPlanar(g, epilogue, isa, outputPitch);
    }

    /// <summary>The engine of a data gradient.</summary>
    public static IConvolutionEngine BackwardData(Conv2DGeometry g, Epilogue epilogue, ConvAlgorithm algorithm, IsaLevel? isa)
    {
        if (DepthwiseConvolution.Serves(g))
            return DepthwiseConvolution.BackwardData(g, DepthwiseKernels.Choose(g.C, isa), epilogue);
        if (WinogradMap.Serves(g) && WinogradRule.Choose(WinogradMap.BackwardData(g), g.N, algorithm) is { } winograd)
            return Winograd(WinogradMap.BackwardData(g), g.N, winograd, epilogue, transposed: true, isa);
        return DirectOrPlanarData(g, epilogue, isa);
    }

    /// <summary>The engine of a filter gradient.</summary>
    public static IFilterGradientEngine BackwardFilter(Conv2DGeometry g, ConvAlgorithm algorithm, IsaLevel? isa)
    {
        if (DepthwiseConvolution.Serves(g))
            return new DepthwiseFilterGradient(g, KernelSelection.Choose(DepthwiseFilterKernels.All, isa));
        if (WinogradMap.Serves(g) && WinogradRule.ChooseFilterGradient(g, algorithm) is { } winograd)
            return new WinogradFilterGradient(g, KernelSelection.Choose(WinogradKernels.All, isa), GemmOuterKernels.Choose(g.C, 1, g.OC, isa), winograd);
        return OuterProductEngine.Create(g, isa);
    }

    // Each tile is a row of the matrix products.
    private static WinogradConvolution Winograd(WinogradMap map, int batch, ConvAlgorithm algorithm, Epilogue epilogue, bool transposed, IsaLevel? isa, int outputPitch = 0)
    {
        long tiles = batch * map.Tiles(algorithm == ConvAlgorithm.Winograd2 ? 2 : 4);
        return new WinogradConvolution(map, batch, KernelSelection.Choose(WinogradKernels.All, isa), PanelPlan.OneTile(isa, map.Channels, tiles, map.SourceChannels), algorithm, epilogue, transposed, outputPitch);
    }

    // Lanes are channels or pixels, whichever costs less.
    private static IConvolutionEngine DirectOrPlanar(Conv2DGeometry g, Epilogue epilogue, IsaLevel? isa, int outputPitch)
    {
        PanelPlan plan = PanelPlan.Forward(g, isa);
        if (PlanarForward.Serves(g) && g.GroupOC <= MostPlanarChannels)
        {
            var planar = new PlanarForward(g, GemmKernels.Of(GemmKernels.Planar, isa), epilogue, outputPitch);
            if (planar.Cycles < plan.Cycles * g.Groups)
                return planar;
        }

        return new DirectForward(g, plan, epilogue, outputPitch);
    }

    private static IConvolutionEngine DirectOrPlanarData(Conv2DGeometry g, Epilogue epilogue, IsaLevel? isa)
    {
        PanelPlan plan = PanelPlan.BackwardData(g, isa);
        if (g.GroupC <= MostPlanarChannels)
        {
            var planar = new PlanarBackwardData(g, GemmKernels.Of(GemmKernels.Planar, isa), epilogue);
            if (planar.Cycles < plan.Cycles * g.Groups)
                return planar;
        }

        return new DirectBackwardData(g, plan, epilogue);
    }
}

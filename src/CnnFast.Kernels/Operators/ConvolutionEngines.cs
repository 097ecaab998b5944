using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>Chooses how a convolution runs: a fixed rule on its sizes, so that two runs never differ (docs/performance.md has the measurements).</summary>
internal static class ConvolutionEngines
{
    /// <summary>The engine of a forward pass.</summary>
    public static IConvolutionEngine Forward(Conv2DGeometry g, Epilogue epilogue, ConvAlgorithm algorithm, IsaLevel? isa)
    {
        if (DepthwiseConvolution.Serves(g))
            return DepthwiseConvolution.Forward(g, DepthwiseKernels.Choose(g.OC, isa), epilogue);
        GemmKernel gemm = KernelSelection.Choose(GemmKernels.All, isa);
        if (WinogradMap.Serves(g) && WinogradRule.Choose(WinogradMap.Forward(g), g.N, algorithm) is { } winograd)
            return new WinogradConvolution(WinogradMap.Forward(g), g.N, KernelSelection.Choose(WinogradKernels.All, isa), gemm, winograd, epilogue, transposed: false);
        return new DirectForward(g, gemm, epilogue);
    }

    /// <summary>The engine of a data gradient.</summary>
    public static IConvolutionEngine BackwardData(Conv2DGeometry g, ConvAlgorithm algorithm, IsaLevel? isa)
    {
        if (DepthwiseConvolution.Serves(g))
            return DepthwiseConvolution.BackwardData(g, DepthwiseKernels.Choose(g.C, isa));
        GemmKernel gemm = KernelSelection.Choose(GemmKernels.All, isa);
        if (WinogradMap.Serves(g) && WinogradRule.Choose(WinogradMap.BackwardData(g), g.N, algorithm) is { } winograd)
            return new WinogradConvolution(WinogradMap.BackwardData(g), g.N, KernelSelection.Choose(WinogradKernels.All, isa), gemm, winograd, default, transposed: true);
        return new DirectBackwardData(g, gemm);
    }

    /// <summary>The engine of a filter gradient.</summary>
    public static IFilterGradientEngine BackwardFilter(Conv2DGeometry g, IsaLevel? isa) =>
        DepthwiseConvolution.Serves(g) ? new DepthwiseFilterGradient(g, KernelSelection.Choose(DepthwiseFilterKernels.All, isa))
        : OuterProductEngine.Create(g, isa);
}

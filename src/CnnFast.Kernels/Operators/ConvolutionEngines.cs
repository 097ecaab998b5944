using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>Chooses how a convolution runs: a fixed rule on its sizes, so that two runs never differ (docs/performance.md has the measurements).</summary>
internal static class ConvolutionEngines
{
    /// <summary>The engine of a forward pass.</summary>
    public static IConvolutionEngine Forward(Conv2DGeometry g, Epilogue epilogue, ConvAlgorithm algorithm, IsaLevel? isa) =>
        DepthwiseConvolution.Serves(g) ? DepthwiseConvolution.Forward(g, KernelSelection.Choose(DepthwiseKernels.All, isa), epilogue)
        : new DirectForward(g, KernelSelection.Choose(GemmKernels.All, isa), epilogue);

    /// <summary>The engine of a data gradient.</summary>
    public static IConvolutionEngine BackwardData(Conv2DGeometry g, ConvAlgorithm algorithm, IsaLevel? isa) =>
        DepthwiseConvolution.Serves(g) ? DepthwiseConvolution.BackwardData(g, KernelSelection.Choose(DepthwiseKernels.All, isa))
        : new DirectBackwardData(g, KernelSelection.Choose(GemmKernels.All, isa));

    /// <summary>The engine of a filter gradient.</summary>
    public static IFilterGradientEngine BackwardFilter(Conv2DGeometry g, IsaLevel? isa) =>
        DepthwiseConvolution.Serves(g) ? new DepthwiseFilterGradient(g, KernelSelection.Choose(DepthwiseFilterKernels.All, isa))
        : OuterProductEngine.Create(g, isa);
}

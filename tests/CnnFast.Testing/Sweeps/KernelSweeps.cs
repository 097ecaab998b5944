namespace CnnFast.Testing;

/// <summary>The sweeps that the test projects and <c>cnnfast verify</c> run.</summary>
public static class KernelSweeps
{
    /// <summary>Every sweep, one line each.</summary>
    public static IReadOnlyList<IKernelSweep> All { get; } =
    [
        new Conv2DForwardSweep(),
        new Conv2DBackwardDataSweep(),
        new Conv2DBackwardFilterSweep(),
        new DepthwiseForwardSweep(),
        new DepthwiseBackwardDataSweep(),
        new DepthwiseBackwardFilterSweep(),
        new WinogradSweep(),
        new MatrixProductSweep(),
        new BFloat16Sweep(),
        new ElementwiseSweep(),
        new ActivationSweep(),
        new ActivationGradientSweep(),
        new PReLUSweep(),
        new BroadcastSweep(),
        new ResizeSweep(),
        new Pool2DSweep(),
        new ReduceSweep(),
        new NormalizationSweep(),
        new ExponentialSweep(),
        new SoftmaxSweep(),
        new OptimizerSweep(),
        new LossSweep(),
        new AugmentSweep(),
    ];
}

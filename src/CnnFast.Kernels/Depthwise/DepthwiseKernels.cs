namespace CnnFast.Kernels;

/// <summary>The list of depthwise tiles, best first.</summary>
internal static class DepthwiseKernels
{
    private const int NarrowLanes = 8;

    public static IReadOnlyList<DepthwiseKernel> All { get; } = Tiers.Build<DepthwiseKernel>();

    /// <summary>
    /// The best kernel for a number of channels: where eight lanes are filled, a wider kernel must not leave more
    /// than a third of its lanes empty.
    /// </summary>
    public static DepthwiseKernel Choose(int channels, IsaLevel? isa) =>
        KernelSelection.Choose(channels % NarrowLanes == 0 ? [.. All.Where(kernel => Fills(kernel, channels))] : All, isa);

    private static bool Fills(DepthwiseKernel kernel, int channels)
    {
        long vectors = (channels + kernel.Lanes - 1) / kernel.Lanes;
        return 3L * channels >= 2L * vectors * kernel.Lanes;
    }
}

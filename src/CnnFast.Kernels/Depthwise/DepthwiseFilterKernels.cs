namespace CnnFast.Kernels;

/// <summary>The list of depthwise filter-gradient tiles, best first.</summary>
internal static class DepthwiseFilterKernels
{
    public static IReadOnlyList<DepthwiseFilterKernel> All { get; } = Tiers.Build<DepthwiseFilterKernel>();
}

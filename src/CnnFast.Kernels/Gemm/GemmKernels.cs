namespace CnnFast.Kernels;

/// <summary>
/// The lists of GEMM tiles, best first: dispatch, tests, benchmarks and <c>cnnfast info</c> all walk them. A shape
/// takes one or several of a tier.
/// </summary>
internal static class GemmKernels
{
    /// <summary>Tiles whose lanes are output channels.</summary>
    public static IReadOnlyList<GemmKernel> All { get; } = Tiers.BuildMany<GemmTiles<ChannelLanes>, GemmKernel>();

    /// <summary>Tiles whose lanes are pixels.</summary>
    public static IReadOnlyList<GemmKernel> Planar { get; } = Tiers.BuildMany<GemmTiles<PixelLanes>, GemmKernel>();

    /// <summary>The tiles of a list that a tier may mix; null means <see cref="CpuInfo.Isa"/>.</summary>
    public static IReadOnlyList<GemmKernel> Of(IReadOnlyList<GemmKernel> list, IsaLevel? isa)
    {
        GemmKernel best = KernelSelection.Choose(list, isa);
        return [.. list.Where(kernel => Tiers.Mix(best.Isa, kernel.Isa))];
    }
}

namespace CnnFast.Kernels;

/// <summary>The list of outer-product tiles: tiers best first, wider tiles before narrower ones.</summary>
internal static class GemmOuterKernels
{
    // Of no machine: which tile it is decides in which order biases and splits are summed, and so bits.
    // Tiles of a lower tier have to waste a few percent less than those of the best one.
    private const double LowerTierCost = 1.06;

    public static IReadOnlyList<GemmOuterKernel> All { get; } = Tiers.BuildMany<GemmOuterTiles, GemmOuterKernel>();

    /// <summary>
    /// The tile that wastes least on a matrix of sums, of those that the limit allows: a rule of geometry and tier alone.
    /// </summary>
    /// <param name="rows">Rows of the sums.</param>
    /// <param name="runs">Runs of columns.</param>
    /// <param name="runLength">Columns of a run.</param>
    /// <param name="limit">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static GemmOuterKernel Choose(long rows, long runs, long runLength, IsaLevel? limit)
    {
        IsaLevel isa = KernelSelection.Choose(All, limit).Isa;
        GemmOuterKernel? best = null;
        double least = double.MaxValue;
        foreach (GemmOuterKernel kernel in All)
        {
            if (!Tiers.Mix(isa, kernel.Isa))
                continue;
            double cost = kernel.Cost(rows, runs, runLength) * (kernel.Isa == isa ? 1 : LowerTierCost);
            if (cost < least)
                (best, least) = (kernel, cost);
        }

        return best!;
    }
}

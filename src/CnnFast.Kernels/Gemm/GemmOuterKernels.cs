namespace CnnFast.Kernels;

/// <summary>The list of outer-product tiles: tiers best first, wider tiles before narrower ones.</summary>
internal static class GemmOuterKernels
{
    // Where both could be as fast, tiles of a lower tier have to waste a few percent less than those of the best one.
    private const double LowerTierCost = 1.06;

    public static IReadOnlyList<GemmOuterKernel> All { get; } = Tiers.BuildMany<GemmOuterTiles, GemmOuterKernel>();

    /// <summary>
    /// The tile that wastes least on a matrix of sums, of those that the limit allows and that run at the processor's full speed.
    /// </summary>
    /// <param name="rows">Rows of the sums.</param>
    /// <param name="runs">Runs of columns.</param>
    /// <param name="runLength">Columns of a run.</param>
    /// <param name="limit">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <param name="machine">The machine; null means the one that runs this.</param>
    public static GemmOuterKernel Choose(long rows, long runs, long runLength, IsaLevel? limit, Machine? machine = null)
    {
        machine ??= Machine.Current;
        IsaLevel isa = KernelSelection.Choose(All, limit).Isa;
        GemmOuterKernel? best = null;
        double least = double.MaxValue;
        foreach (GemmOuterKernel kernel in All)
        {
            if (!Tiers.Mix(isa, kernel.Isa))
                continue;
            double cost = kernel.Cost(rows, runs, runLength);
            if (kernel.Isa != isa)
                cost *= LowerTierCost * TermsPerCycle(machine, isa) / TermsPerCycle(machine, kernel.Isa);
            if (cost < least)
                (best, least) = (kernel, cost);
        }

        return best!;
    }

    private static double TermsPerCycle(Machine machine, IsaLevel isa)
    {
        int lanes = Tiers.VectorsOf(isa).Lanes;
        return (double)lanes * machine.FmasPerCycle(lanes * GemmKernel.LaneBits);
    }
}

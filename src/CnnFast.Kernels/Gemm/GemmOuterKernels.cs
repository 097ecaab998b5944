using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>The list of outer-product tiles: tiers best first, wider tiles before narrower ones.</summary>
internal static unsafe class GemmOuterKernels
{
    // Tiles of AVX2 have to waste a few percent less than those of AVX-512 to be as fast.
    private const double LowerTierCost = 1.06;

    public static IReadOnlyList<GemmOuterKernel> All { get; } =
    [
        new(IsaLevel.Avx512, 8, 32, 2, &GemmOuterTile8x2<Avx512Lanes, Vector512<float>, Vector512<int>>.Run),
        new(IsaLevel.Avx512, 12, 16, 1, &GemmOuterTile12x1<Avx512Lanes, Vector512<float>, Vector512<int>>.Run),
        .. Create<Avx2Lanes, Vector256<float>, Vector256<int>>(IsaLevel.Avx2),
        .. Create<V128Lanes, Vector128<float>, Vector128<int>>(IsaLevel.V128),
        .. Create<ScalarLanes, float, int>(IsaLevel.Scalar),
    ];

    /// <summary>
    /// The tile that wastes least on a matrix of sums, of those that the limit allows and that run at the processor's full speed.
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
            if (kernel.Isa != isa && !(isa == IsaLevel.Avx512 && kernel.Isa == IsaLevel.Avx2))
                continue;
            double cost = kernel.Cost(rows, runs, runLength) * (kernel.Isa == isa ? 1 : LowerTierCost);
            if (cost < least)
                (best, least) = (kernel, cost);
        }

        return best!;
    }

    private static GemmOuterKernel[] Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
    [
        new(isa, 6, 2 * L.Count, 2, &GemmOuterTile6x2<L, V, I>.Run),
        new(isa, 12, L.Count, 1, &GemmOuterTile12x1<L, V, I>.Run),
    ];
}

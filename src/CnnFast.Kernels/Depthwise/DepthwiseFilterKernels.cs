using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>The list of depthwise filter-gradient tiles, best first.</summary>
internal static unsafe class DepthwiseFilterKernels
{
    public static IReadOnlyList<DepthwiseFilterKernel> All { get; } =
    [
        Create<Avx512Lanes, Vector512<float>, Vector512<int>>(IsaLevel.Avx512),
        Create<Avx2Lanes, Vector256<float>, Vector256<int>>(IsaLevel.Avx2),
        Create<V128Lanes, Vector128<float>, Vector128<int>>(IsaLevel.V128),
        Create<ScalarLanes, float, int>(IsaLevel.Scalar),
    ];

    /// <summary>The tiles on any implementation of the lanes.</summary>
    public static DepthwiseFilterKernel Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new(
            isa,
            L.Count,
            [
                &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size1, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size1, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size2, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size2, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size3, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size3, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size1, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size1, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size2, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size2, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size3, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size3, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size1, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size1, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size2, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size2, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size3, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size3, PartVector>,
            ]);
}

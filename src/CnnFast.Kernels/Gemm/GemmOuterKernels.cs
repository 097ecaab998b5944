using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>The list of outer-product tiles, best first.</summary>
internal static unsafe class GemmOuterKernels
{
    public static IReadOnlyList<GemmOuterKernel> All { get; } =
    [
        Create<Avx2Lanes, Vector256<float>, Vector256<int>>(IsaLevel.Avx2),
        Create<Avx512Lanes, Vector512<float>, Vector512<int>>(IsaLevel.Avx512),
        Create<V128Lanes, Vector128<float>, Vector128<int>>(IsaLevel.V128),
        Create<ScalarLanes, float, int>(IsaLevel.Scalar),
    ];

    private static GemmOuterKernel Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        new(isa, 6, 2 * L.Count, &GemmOuterTile6x2<L, V, I>.Run);
}

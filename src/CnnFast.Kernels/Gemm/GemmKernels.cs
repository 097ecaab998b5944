using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>The list of GEMM tiles, best first: dispatch, tests, benchmarks and <c>cnnfast info</c> all walk it.</summary>
internal static unsafe class GemmKernels
{
    public static IReadOnlyList<GemmKernel> All { get; } =
    [
        Create<Avx2Lanes, Vector256<float>, Vector256<int>>(IsaLevel.Avx2, fused: true),
        Create<Avx512Lanes, Vector512<float>, Vector512<int>>(IsaLevel.Avx512, fused: true),
        Create<V128Lanes, Vector128<float>, Vector128<int>>(IsaLevel.V128, fused: false),
        Create<ScalarLanes, float, int>(IsaLevel.Scalar, fused: false),
    ];

    private static GemmKernel Create<L, V, I>(IsaLevel isa, bool fused)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            MR = 6,
            NR = 2 * L.Count,
            Fused = fused,
            Run = &GemmTile6x2<L, V, I>.Run<IdentityOperation>,
            RunReLU = &GemmTile6x2<L, V, I>.Run<ReLUOperation>,
            RunReLU6 = &GemmTile6x2<L, V, I>.Run<ReLU6Operation>,
        };
}

using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>The list of depthwise tiles, best first.</summary>
internal static class DepthwiseKernels
{
    private const int NarrowLanes = 8;

    public static IReadOnlyList<DepthwiseKernel> All { get; } =
    [
        Create<Avx512Lanes, Vector512<float>, Vector512<int>>(IsaLevel.Avx512, fused: true),
        Create<Avx2Lanes, Vector256<float>, Vector256<int>>(IsaLevel.Avx2, fused: true),
        Create<V128Lanes, Vector128<float>, Vector128<int>>(IsaLevel.V128, fused: false),
        Create<ScalarLanes, float, int>(IsaLevel.Scalar, fused: false),
    ];

    /// <summary>The best kernel for a number of channels: where eight lanes are filled, a wider kernel must not leave more than a third of its lanes empty.</summary>
    public static DepthwiseKernel Choose(int channels, IsaLevel? isa) =>
        KernelSelection.Choose(channels % NarrowLanes == 0 ? [.. All.Where(kernel => 3L * channels >= 2L * ((channels + kernel.Lanes - 1) / kernel.Lanes) * kernel.Lanes)] : All, isa);

    private static DepthwiseKernel Create<L, V, I>(IsaLevel isa, bool fused)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Lanes = L.Count,
            Fused = fused,
            Run = DepthwiseTiles.Create<L, V, I, IdentityOperation>(),
            RunReLU = DepthwiseTiles.Create<L, V, I, ReLUOperation>(),
            RunReLU6 = DepthwiseTiles.Create<L, V, I, ReLU6Operation>(),
        };
}

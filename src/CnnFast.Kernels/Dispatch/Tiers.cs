using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace CnnFast.Kernels;

/// <summary>
/// The list of tiers that kernels are compiled for. Every family's list is made from it, so a new tier is a lanes file and a line here.
/// </summary>
internal static class Tiers
{
    private static readonly TierVectors[] s_vectors = Build<TierVectors>();

    /// <summary>A family's list: its kernels on every tier, best first.</summary>
    public static TKernels[] Build<TKernels>()
        where TKernels : ITierKernels<TKernels> => Build<TKernels, TKernels>();

    /// <summary>
    /// What a family makes on every tier, best first. Programs compiled ahead of time hold all that is named
    /// here, so NEON is only where ARM is.
    /// </summary>
    public static TKernels[] Build<TFamily, TKernels>()
        where TFamily : ITierKernels<TKernels> =>
    [
        TFamily.Create<Avx512Lanes, Vector512<float>, Vector512<int>>(IsaLevel.Avx512),
        TFamily.Create<Avx2Lanes, Vector256<float>, Vector256<int>>(IsaLevel.Avx2),
        .. AdvSimd.Arm64.IsSupported ? (TKernels[])[TFamily.Create<NeonLanes, Vector128<float>, Vector128<int>>(IsaLevel.Neon)] : [],
        TFamily.Create<V128Lanes, Vector128<float>, Vector128<int>>(IsaLevel.V128),
        TFamily.Create<ScalarLanes, float, int>(IsaLevel.Scalar),
    ];

    /// <summary>The list of a family that has several kernels a tier.</summary>
    public static TKernel[] BuildMany<TFamily, TKernel>()
        where TFamily : ITierKernels<TKernel[]> => [.. Build<TFamily, TKernel[]>().SelectMany(kernels => kernels)];

    /// <summary>The vectors of a tier.</summary>
    public static TierVectors VectorsOf(IsaLevel isa) => Array.Find(s_vectors, vectors => vectors.Isa == isa)
        ?? throw new ArgumentOutOfRangeException(nameof(isa), isa, "There are no kernels of this tier.");

    /// <summary>
    /// Whether kernels of a tier may stand beside those of another: it is allowed under the other, and both fuse multiply and add.
    /// </summary>
    public static bool Mix(IsaLevel isa, IsaLevel other) =>
        isa == other || (CpuInfo.Allows(isa, other) && VectorsOf(isa).IsFused && VectorsOf(other).IsFused);
}

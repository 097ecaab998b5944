using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>
/// The lists of GEMM tiles, best first: dispatch, tests, benchmarks and <c>cnnfast info</c> all walk them. A shape takes one or several of a tier.
/// </summary>
internal static unsafe class GemmKernels
{
    /// <summary>Tiles whose lanes are output channels.</summary>
    public static IReadOnlyList<GemmKernel> All { get; } = Create<ChannelLanes>();

    /// <summary>Tiles whose lanes are pixels.</summary>
    public static IReadOnlyList<GemmKernel> Planar { get; } = Create<PixelLanes>();

    /// <summary>The tiles of a list that a tier may mix; null means <see cref="CpuInfo.Isa"/>.</summary>
    public static IReadOnlyList<GemmKernel> Of(IReadOnlyList<GemmKernel> list, IsaLevel? isa)
    {
        GemmKernel best = KernelSelection.Choose(list, isa);
        return [.. list.Where(kernel => kernel.Isa == best.Isa || (kernel.Fused && CpuInfo.Allows(best.Isa, kernel.Isa)))];
    }

    private static GemmKernel[] Create<F>()
        where F : struct, IGemmForm =>
    [
        .. Wide<Avx512Lanes, Vector512<float>, Vector512<int>, F>(IsaLevel.Avx512, fused: true),
        .. Narrow<Avx2Lanes, Vector256<float>, Vector256<int>, F>(IsaLevel.Avx2, fused: true),
        .. Narrow<V128Lanes, Vector128<float>, Vector128<int>, F>(IsaLevel.V128, fused: false),
        .. Narrow<ScalarLanes, float, int, F>(IsaLevel.Scalar, fused: false),
    ];

    // Tiles for 32 vector registers.
    private static IEnumerable<GemmKernel> Wide<L, V, I, F>(IsaLevel isa, bool fused)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where F : struct, IGemmForm =>
    [
        Four<L, V, I, F, Rows6>(isa, fused),
        Two<L, V, I, F, Rows8>(isa, fused),
        One<L, V, I, F, Rows12>(isa, fused),
        Three<L, V, I, F, Rows8>(isa, fused),
        Eight<L, V, I, F, Rows3>(isa, fused),
    ];

    // Tiles for 16 vector registers.
    private static IEnumerable<GemmKernel> Narrow<L, V, I, F>(IsaLevel isa, bool fused)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where F : struct, IGemmForm =>
    [
        Two<L, V, I, F, Rows6>(isa, fused),
        One<L, V, I, F, Rows12>(isa, fused),
        Three<L, V, I, F, Rows4>(isa, fused),
        Four<L, V, I, F, Rows3>(isa, fused),
        Eight<L, V, I, F, Rows1>(isa, fused),
    ];

    private static GemmKernel One<L, V, I, F, R>(IsaLevel isa, bool fused)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where F : struct, IGemmForm
        where R : struct, IRowCount => new()
        {
            Isa = isa,
            LanesArePixels = F.LanesArePixels,
            MR = R.Count,
            NR = L.Count,
            Lanes = L.Count,
            Fused = fused,
            Run = &GemmTile1<L, V, I>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmTile1<L, V, I>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmTile1<L, V, I>.Run<F, R, ReLU6Operation>,
        };

    private static GemmKernel Two<L, V, I, F, R>(IsaLevel isa, bool fused)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where F : struct, IGemmForm
        where R : struct, IRowCount => new()
        {
            Isa = isa,
            LanesArePixels = F.LanesArePixels,
            MR = R.Count,
            NR = 2 * L.Count,
            Lanes = L.Count,
            Fused = fused,
            Run = &GemmTile2<L, V, I>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmTile2<L, V, I>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmTile2<L, V, I>.Run<F, R, ReLU6Operation>,
        };

    private static GemmKernel Three<L, V, I, F, R>(IsaLevel isa, bool fused)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where F : struct, IGemmForm
        where R : struct, IRowCount => new()
        {
            Isa = isa,
            LanesArePixels = F.LanesArePixels,
            MR = R.Count,
            NR = 3 * L.Count,
            Lanes = L.Count,
            Fused = fused,
            Run = &GemmTile3<L, V, I>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmTile3<L, V, I>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmTile3<L, V, I>.Run<F, R, ReLU6Operation>,
        };

    private static GemmKernel Four<L, V, I, F, R>(IsaLevel isa, bool fused)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where F : struct, IGemmForm
        where R : struct, IRowCount => new()
        {
            Isa = isa,
            LanesArePixels = F.LanesArePixels,
            MR = R.Count,
            NR = 4 * L.Count,
            Lanes = L.Count,
            Fused = fused,
            Run = &GemmTile4<L, V, I>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmTile4<L, V, I>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmTile4<L, V, I>.Run<F, R, ReLU6Operation>,
        };

    private static GemmKernel Eight<L, V, I, F, R>(IsaLevel isa, bool fused)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where F : struct, IGemmForm
        where R : struct, IRowCount => new()
        {
            Isa = isa,
            LanesArePixels = F.LanesArePixels,
            MR = R.Count,
            NR = 8 * L.Count,
            Lanes = L.Count,
            Fused = fused,
            Run = &GemmTile8<L, V, I>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmTile8<L, V, I>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmTile8<L, V, I>.Run<F, R, ReLU6Operation>,
        };
}

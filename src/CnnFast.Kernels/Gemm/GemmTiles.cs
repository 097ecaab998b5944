namespace CnnFast.Kernels;

/// <summary>The GEMM tiles of a tier, best first: which widths, and as many rows as its registers hold.</summary>
/// <typeparam name="F">What rows and lanes stand for.</typeparam>
internal abstract unsafe class GemmTiles<F> : ITierKernels<GemmKernel[]>
    where F : struct, IGemmForm
{
    public static GemmKernel[] Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Registers >= 32 ? Wide<L, V, I>(isa) : Narrow<L, V, I>(isa);

    // Tiles for 32 vector registers.
    private static GemmKernel[] Wide<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
    [
        Four<L, V, I, Rows6>(isa),
        Two<L, V, I, Rows8>(isa),
        One<L, V, I, Rows12>(isa),
        Three<L, V, I, Rows8>(isa),
        Eight<L, V, I, Rows3>(isa),
    ];

    // Tiles for 16 vector registers.
    private static GemmKernel[] Narrow<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
    [
        Two<L, V, I, Rows6>(isa),
        One<L, V, I, Rows12>(isa),
        Three<L, V, I, Rows4>(isa),
        Four<L, V, I, Rows3>(isa),
        Eight<L, V, I, Rows1>(isa),
    ];

    private static GemmKernel One<L, V, I, R>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where R : struct, IRowCount => new()
        {
            Isa = isa,
            LanesArePixels = F.LanesArePixels,
            MR = R.Count,
            NR = L.Count,
            Lanes = L.Count,
            Fused = L.IsFused,
            Run = &GemmTile1<L, V, I>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmTile1<L, V, I>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmTile1<L, V, I>.Run<F, R, ReLU6Operation>,
        };

    private static GemmKernel Two<L, V, I, R>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where R : struct, IRowCount => new()
        {
            Isa = isa,
            LanesArePixels = F.LanesArePixels,
            MR = R.Count,
            NR = 2 * L.Count,
            Lanes = L.Count,
            Fused = L.IsFused,
            Run = &GemmTile2<L, V, I>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmTile2<L, V, I>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmTile2<L, V, I>.Run<F, R, ReLU6Operation>,
        };

    private static GemmKernel Three<L, V, I, R>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where R : struct, IRowCount => new()
        {
            Isa = isa,
            LanesArePixels = F.LanesArePixels,
            MR = R.Count,
            NR = 3 * L.Count,
            Lanes = L.Count,
            Fused = L.IsFused,
            Run = &GemmTile3<L, V, I>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmTile3<L, V, I>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmTile3<L, V, I>.Run<F, R, ReLU6Operation>,
        };

    private static GemmKernel Four<L, V, I, R>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where R : struct, IRowCount => new()
        {
            Isa = isa,
            LanesArePixels = F.LanesArePixels,
            MR = R.Count,
            NR = 4 * L.Count,
            Lanes = L.Count,
            Fused = L.IsFused,
            Run = &GemmTile4<L, V, I>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmTile4<L, V, I>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmTile4<L, V, I>.Run<F, R, ReLU6Operation>,
        };

    private static GemmKernel Eight<L, V, I, R>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where R : struct, IRowCount => new()
        {
            Isa = isa,
            LanesArePixels = F.LanesArePixels,
            MR = R.Count,
            NR = 8 * L.Count,
            Lanes = L.Count,
            Fused = L.IsFused,
            Run = &GemmTile8<L, V, I>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmTile8<L, V, I>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmTile8<L, V, I>.Run<F, R, ReLU6Operation>,
        };
}

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
        Tile<GemmTile4<L, V, I>, L, V, I, Size6>(isa),
        Tile<GemmTile2<L, V, I>, L, V, I, Size8>(isa),
        Tile<GemmTile1<L, V, I>, L, V, I, Size12>(isa),
        Tile<GemmTile3<L, V, I>, L, V, I, Size8>(isa),
        Tile<GemmTile8<L, V, I>, L, V, I, Size3>(isa),
    ];

    // Tiles for 16 vector registers.
    private static GemmKernel[] Narrow<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
    [
        Tile<GemmTile2<L, V, I>, L, V, I, Size6>(isa),
        Tile<GemmTile1<L, V, I>, L, V, I, Size12>(isa),
        Tile<GemmTile3<L, V, I>, L, V, I, Size4>(isa),
        Tile<GemmTile4<L, V, I>, L, V, I, Size3>(isa),
        Tile<GemmTile8<L, V, I>, L, V, I, Size1>(isa),
    ];

    private static GemmKernel Tile<TTile, L, V, I, R>(IsaLevel isa)
        where TTile : struct, IGemmTile
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where R : unmanaged, ITileSize => new()
        {
            Isa = isa,
            LanesArePixels = typeof(F) == typeof(PixelLanes),
            MR = sizeof(R),
            NR = TTile.Vectors * L.Count,
            Lanes = L.Count,
            Fused = L.IsFused,
            Run = &GemmStripe<TTile>.Run<F, R, IdentityOperation>,
            RunReLU = &GemmStripe<TTile>.Run<F, R, ReLUOperation>,
            RunReLU6 = &GemmStripe<TTile>.Run<F, R, ReLU6Operation>,
        };
}

namespace CnnFast.Kernels;

/// <summary>The outer-product tiles of a tier, wider ones first: as many rows as its registers hold.</summary>
internal abstract unsafe class GemmOuterTiles : ITierKernels<GemmOuterKernel[]>
{
    public static GemmOuterKernel[] Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
    [
        L.Registers >= 32
            ? new(isa, 8, 2 * L.Count, 2, &GemmOuterTile8x2<L, V, I>.Run)
            : new(isa, 6, 2 * L.Count, 2, &GemmOuterTile6x2<L, V, I>.Run),
        new(isa, 12, L.Count, 1, &GemmOuterTile12x1<L, V, I>.Run),
    ];
}

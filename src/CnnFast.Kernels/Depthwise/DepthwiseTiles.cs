namespace CnnFast.Kernels;

/// <summary>The tiles of one tier that end with the same activation.</summary>
internal sealed unsafe class DepthwiseTiles
{
    public const int MostColumns = 8;

    private readonly delegate*<DepthwiseTile*, void>[] _tiles;

    /// <param name="tiles">The tiles of 1 to 8 columns for <see cref="InnerSource"/>, then those for <see cref="BorderSource"/>, then those
    /// for <see cref="PartSource"/>.</param>
    public DepthwiseTiles(delegate*<DepthwiseTile*, void>[] tiles) => _tiles = tiles;

    /// <summary>The tile of 1 to 8 columns of whole vectors.</summary>
    public delegate*<DepthwiseTile*, void> Whole(int columns, bool hasBorder) => _tiles[(hasBorder ? MostColumns : 0) + columns - 1];

    /// <summary>The tile of 1 to 8 columns of vectors in part.</summary>
    public delegate*<DepthwiseTile*, void> Part(int columns) => _tiles[(2 * MostColumns) + columns - 1];

    public static DepthwiseTiles Create<L, V, I, TEpilogue>()
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where TEpilogue : struct, IUnaryOperation => new(
            [
                &DepthwiseTileLoops<L, V, I>.Run<Size1, InnerSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size2, InnerSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size3, InnerSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size4, InnerSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size5, InnerSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size6, InnerSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size7, InnerSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size8, InnerSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size1, BorderSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size2, BorderSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size3, BorderSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size4, BorderSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size5, BorderSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size6, BorderSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size7, BorderSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size8, BorderSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size1, PartSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size2, PartSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size3, PartSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size4, PartSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size5, PartSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size6, PartSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size7, PartSource, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size8, PartSource, TEpilogue>,
            ]);
}

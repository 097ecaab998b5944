namespace CnnFast.Kernels;

/// <summary>The tiles of one tier that end with the same activation.</summary>
internal sealed unsafe class DepthwiseTiles
{
    public const int LeastColumns = 4;
    public const int MostColumns = 8;

    private readonly delegate*<DepthwiseTile*, void>[] _byColumns;

    /// <param name="pixel">One pixel.</param>
    /// <param name="byColumns">The tiles of 4, 5, 6, 7 and 8 columns.</param>
    public DepthwiseTiles(delegate*<DepthwisePixel*, void> pixel, delegate*<DepthwiseTile*, void>[] byColumns)
    {
        Pixel = pixel;
        _byColumns = byColumns;
    }

    /// <summary>One pixel, all channels.</summary>
    public delegate*<DepthwisePixel*, void> Pixel { get; }

    /// <summary>The tile of <paramref name="columns"/> columns, 4 to 8.</summary>
    public delegate*<DepthwiseTile*, void> OfColumns(int columns) => _byColumns[columns - LeastColumns];

    public static DepthwiseTiles Create<L, V, I, TEpilogue>()
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
        where TEpilogue : struct, IUnaryOperation => new(
            &DepthwisePixelLoops<L, V, I>.Run<TEpilogue>,
            [
                &DepthwiseTileLoops<L, V, I>.Run<Size4, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size5, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size6, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size7, TEpilogue>,
                &DepthwiseTileLoops<L, V, I>.Run<Size8, TEpilogue>,
            ]);
}

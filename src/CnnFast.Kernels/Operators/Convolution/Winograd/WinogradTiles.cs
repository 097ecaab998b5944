using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// A tensor cut into the tiles of a Winograd form, to be transformed tile by tile; what lies outside is zero. Immutable and thread-safe.
/// </summary>
internal sealed unsafe class WinogradTiles
{
    /// <summary>
    /// Floats between points, beside their rows: keeps equal places of different points off the same set of the level-1 cache.
    /// </summary>
    public const int PointPad = 16;

    /// <summary>Floats of the widest tier's vector: rows of points are whole vectors.</summary>
    public const int VectorFloats = 16;

    /// <summary>
    /// How many tiles before its turn a tile's memory is asked for: its short rows are no stream that a processor would foresee.
    /// </summary>
    public const int TilesAhead = 2;

    /// <summary>
    /// Sources and destinations larger than this are read and written with <see cref="TilesAhead"/>, packed filters stored past the caches.
    /// </summary>
    public static readonly long LargeFloats = Machine.Current.SharedCacheBytes / 8 / sizeof(float);

    private readonly int _rows;
    private readonly int _columns;
    private readonly int _channels;
    private readonly int _originRow;
    private readonly int _originColumn;
    private readonly int _side;
    private readonly int _step;
    private readonly delegate*<WinogradInput*, void> _transform;

    private WinogradTiles(WinogradMap map, int rows, int columns, int channels, int originRow, int originColumn, int side, int step,
        delegate*<WinogradInput*, void> transform)
    {
        _rows = rows;
        _columns = columns;
        _channels = channels;
        _originRow = originRow;
        _originColumn = originColumn;
        _side = side;
        _step = step;
        _transform = transform;
        TileColumns = (map.Columns + step - 1) / step;
        ImageTiles = checked(((map.Rows + step - 1) / step) * TileColumns);
        RowFloats = RoundUp(channels, VectorFloats);
    }

    /// <summary>Tiles of a row.</summary>
    public int TileColumns { get; }

    /// <summary>Tiles of an image.</summary>
    public int ImageTiles { get; }

    /// <summary>Floats of the channels in whole vectors.</summary>
    public int RowFloats { get; }

    /// <summary>Floats of zeros that <see cref="Transform"/> reads in place of rows outside.</summary>
    public nint ZeroFloats => (nint)_side * _channels;

    /// <summary>Scratch of a thread for any of the transforms: twice as many vectors as points, and row pointers.</summary>
    public static nint ScratchFloats(int points) => (2 * points * VectorFloats) + VectorFloats;

    /// <summary>Rounds up to a multiple.</summary>
    public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>The source of a convolution.</summary>
    public static WinogradTiles Source(WinogradMap map, WinogradTransforms transforms) =>
        new(map, map.SourceRows, map.SourceColumns, map.SourceChannels, map.OriginRow, map.OriginColumn, transforms.Points,
            transforms.Outputs, transforms.Input);

    /// <summary>The gradient of its output.</summary>
    public static WinogradTiles Gradient(WinogradMap map, WinogradTransforms transforms) =>
        new(map, map.Rows, map.Columns, map.Channels, 0, 0, transforms.Outputs, transforms.Outputs, transforms.Gradient);

    /// <summary>Transforms the tiles from <paramref name="first"/> to <paramref name="end"/> of a batch.</summary>
    /// <param name="source">The tensor.</param>
    /// <param name="zeros">At least <see cref="ZeroFloats"/> zeros.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="end">The end of the tiles.</param>
    /// <param name="points">Where the first tile's first point goes.</param>
    /// <param name="rowFloats">Floats from a tile to the next.</param>
    /// <param name="pointStep">Floats from a point to the next.</param>
    /// <param name="scratch">Scratch of the thread.</param>
    /// <param name="readsAhead">Whether to ask for the memory of the tiles to come.</param>
    public void Transform(float* source, float* zeros, int first, int end, float* points, nint rowFloats, nint pointStep, float* scratch,
        bool readsAhead)
    {
        nint sourceRow = (nint)_columns * _channels;
        float** rows = stackalloc float*[6];
        WinogradInput tile;
        tile.Rows = rows;
        tile.Channels = _channels;
        tile.PointStep = pointStep;
        tile.Scratch = scratch;
        for (int t = first; t < end; t++, points += rowFloats)
        {
            (int image, int place) = Math.DivRem(t, ImageTiles);
            (int tileRow, int tileColumn) = Math.DivRem(place, TileColumns);
            int row = _originRow + (tileRow * _step);
            int column = _originColumn + (tileColumn * _step);
            float* from = source + ((nint)image * _rows * sourceRow) + ((nint)column * _channels);
            for (int i = 0; i < _side; i++)
                rows[i] = row + i >= 0 && row + i < _rows ? from + ((row + i) * sourceRow) : zeros;
            tile.FirstColumn = Math.Clamp(-column, 0, _side);
            tile.EndColumn = Math.Clamp(_columns - column, (int)tile.FirstColumn, _side);
            tile.Points = points;
            if (readsAhead && t + TilesAhead < end)
                Prefetch(source, t + TilesAhead);
            _transform(&tile);
        }
    }

    private void Prefetch(float* source, int tile)
    {
        (int image, int place) = Math.DivRem(tile, ImageTiles);
        (int tileRow, int tileColumn) = Math.DivRem(place, TileColumns);
        int row = _originRow + (tileRow * _step);
        int column = _originColumn + (tileColumn * _step);
        int first = Math.Max(column, 0);
        nint floats = ((nint)Math.Min(column + _side, _columns) - first) * _channels;
        float* from = source + (((((nint)image * _rows) * _columns) + first) * _channels);
        for (int i = Math.Max(row, 0); i < Math.Min(row + _side, _rows); i++)
            PrefetchX86.ToLevel2(from + ((nint)i * _columns * _channels), floats);
    }
}

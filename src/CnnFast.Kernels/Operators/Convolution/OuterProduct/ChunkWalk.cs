namespace CnnFast.Operators;

/// <summary>The loop over the blocks of a chunk of pixels.</summary>
internal abstract unsafe class ChunkWalk
{
    private readonly AlignedBuffer<nint> _xRows;

    protected ChunkWalk(Conv2DGeometry g, FilterGradientChunks chunks, GradientTiles tiles)
    {
        Geometry = g;
        Chunks = chunks;
        Tiles = tiles;
        _xRows = new AlignedBuffer<nint>(chunks.Images * chunks.Rows);
        for (int row = 0; row < _xRows.Length; row++)
        {
            (int image, int imageRow) = Math.DivRem(row, chunks.Rows);
            _xRows.Span[row] = (image * tiles.Input.ImageStep) + (imageRow * tiles.Input.RowStep);
        }
    }

    protected Conv2DGeometry Geometry { get; }

    protected FilterGradientChunks Chunks { get; }

    protected GradientTiles Tiles { get; }

    protected nint* XRows => _xRows.Pointer;

    /// <summary>Adds a chunk to the sums of a unit.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="batch">Images of the run.</param>
    /// <param name="x">The input.</param>
    /// <param name="dy">The gradient of the output.</param>
    /// <param name="index">Which chunk.</param>
    /// <param name="adds">Whether the sums were begun before.</param>
    public abstract void Add(in GradientUnit unit, int batch, float* x, float* dy, int index, bool adds);
}

/// <summary>Chunks that are runs of the one long row of a pointwise batch: one block each.</summary>
internal sealed unsafe class RunWalk(Conv2DGeometry g, FilterGradientChunks chunks, GradientTiles tiles) : ChunkWalk(g, chunks, tiles)
{
    public override void Add(in GradientUnit unit, int batch, float* x, float* dy, int index, bool adds)
    {
        Conv2DGeometry g = Geometry;
        nint at = (nint)index * Chunks.BlockColumns;
        long left = ((long)batch * g.OH * g.OW) - at;
        int pixels = (int)Math.Min(Chunks.BlockColumns, left);
        nint next = (nint)Math.Min(Chunks.BlockColumns, left - pixels);
        var block = new PixelBlock
        {
            X = Tiles.Input.Read(unit, x, new PixelChunk(0, 1, 0, 1, at, pixels)),
            XRows = XRows,
            Dy = dy + (at * g.OC),
            Rows = 1,
            Columns = pixels,
            Adds = adds,
        };
        var ahead = new ReadAhead(block.Dy + ((nint)pixels * g.OC), next * g.OC, x + ((at + pixels) * g.C), next * g.C);
        Tiles.Add(unit, block, ref ahead);
    }
}

/// <summary>Chunks that are bands of an image, or several whole images.</summary>
internal sealed unsafe class BandWalk(Conv2DGeometry g, FilterGradientChunks chunks, GradientTiles tiles) : ChunkWalk(g, chunks, tiles)
{
    public override void Add(in GradientUnit unit, int batch, float* x, float* dy, int index, bool adds)
    {
        Conv2DGeometry g = Geometry;
        int image = index / Chunks.Bands * Chunks.Images;
        int images = Math.Min(Chunks.Images, batch - image);
        int firstRow = index % Chunks.Bands * Chunks.Rows;
        int rows = Math.Min(Chunks.Rows, g.OH - firstRow);
        nint rowFloats = (nint)g.OW * g.OC;
        float* source = Tiles.Input.Read(unit, x, new PixelChunk(image, images, firstRow, rows, 0, g.OW));
        float* band = dy + ((((nint)image * g.OH) + firstRow) * rowFloats);
        float* end = dy + ((nint)batch * g.OH * rowFloats);
        x += (nint)image * g.H * g.W * g.C;
        rows *= images;
        for (int row = 0; row < rows; row += Chunks.BlockRows)
        {
            int blockRows = Math.Min(Chunks.BlockRows, rows - row);
            nint inputFloats = (nint)g.StrideH * g.W * g.C;
            float* next = band + ((row + blockRows) * rowFloats);
            float* nextX = x + ((firstRow + row + blockRows) * inputFloats);
            var ahead = new ReadAhead(next, Math.Min((nint)(end - next), Chunks.BlockRows * rowFloats), nextX, blockRows * inputFloats);
            for (int column = 0; column < g.OW; column += Chunks.BlockColumns)
            {
                var block = new PixelBlock
                {
                    X = source + (column * Tiles.Input.PixelStep),
                    XRows = XRows + row,
                    Dy = band + (row * rowFloats) + ((nint)column * g.OC),
                    Rows = blockRows,
                    Columns = Math.Min(Chunks.BlockColumns, g.OW - column),
                    Adds = adds,
                };
                Tiles.Add(unit, block, ref ahead);
                adds = true;
            }
        }
    }
}

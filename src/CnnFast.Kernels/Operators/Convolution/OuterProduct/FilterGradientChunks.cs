namespace CnnFast.Operators;

/// <summary>
/// How the reduction of a filter gradient over the pixels of a batch is cut, from the geometry alone, so that its bits depend on no tile:
/// chunks (a band of an image, several small images, or a run of the one long row that a pointwise batch is), and in them blocks
/// whose sums stay in registers.
/// </summary>
/// <param name="Images">Images of a chunk; above 1 only when <paramref name="Rows"/> are all rows.</param>
/// <param name="Rows">Output rows of a chunk in one image; 1 when chunks are runs.</param>
/// <param name="Bands">Chunks of one image; 1 when a chunk holds whole images.</param>
/// <param name="BlockRows">Output rows of a block.</param>
/// <param name="BlockColumns">Output columns of a block.</param>
/// <param name="AreRuns">Whether the batch is one long row, as pointwise convolutions see it, and chunks are runs of its pixels.</param>
internal readonly record struct FilterGradientChunks(int Images, int Rows, int Bands, int BlockRows, int BlockColumns, bool AreRuns = false)
{
    // Of no machine: blocks decide the order of sums, and with it bits.
    private const int ShortBlock = 224;
    private const int LongBlock = 448;
    private const int LongBlockSums = 192 * 1024;
    private const int SlabBudgetFloats = 64 * 1024;
    private const int WantedBands = 4;

    public static FilterGradientChunks Choose(Conv2DGeometry g, SlidingSource source)
    {
        bool pointwise = g is { KH: 1, KW: 1, StrideH: 1, StrideW: 1 } && source.IsInPlace;
        // Sums that leave the level-2 cache meet memory once a block: longer blocks.
        int pixels = (long)g.KH * g.KW * g.GroupC * g.OC > LongBlockSums ? LongBlock : ShortBlock;
        if (pointwise)
            return new FilterGradientChunks(1, 1, 1, 1, pixels, AreRuns: true);
        long image = (long)g.OH * g.OW;
        long slab = Math.Max(1, checked(source.Rows.Extent(g.OH) * (nint)source.Columns.Extent(g.OW) * g.C));
        if (image * 2 <= pixels)
        {
            int images = (int)Math.Min(Math.Max(1, Math.Min(pixels / image, SlabBudgetFloats * 8 / slab)), g.N);
            int chunks = (g.N + images - 1) / images;
            images = (g.N + chunks - 1) / chunks;
            return new FilterGradientChunks(images, g.OH, 1, images * g.OH, g.OW);
        }

        int blockColumns = Math.Min(g.OW, pixels);
        int blockRows = Math.Max(1, pixels / g.OW);
        long rowsInBudget = SlabBudgetFloats * g.OH / slab;
        long rows = Math.Min(rowsInBudget, (g.OH + WantedBands - 1) / WantedBands);
        rows = Math.Clamp(rows, Math.Min(blockRows, g.OH), g.OH);
        int bands = (int)((g.OH + rows - 1) / rows);
        rows = (g.OH + bands - 1) / bands;

        // Blocks of equal height.
        int blocks = (int)((rows + blockRows - 1) / blockRows);
        blockRows = (int)((rows + blocks - 1) / blocks);
        return new FilterGradientChunks(1, (int)rows, bands, blockRows, blockColumns);
    }

    /// <summary>Chunks of a batch.</summary>
    public int Count(Conv2DGeometry g, int batch) => AreRuns
        ? (int)((((long)batch * g.OH * g.OW) + BlockColumns - 1) / BlockColumns)
        : Bands > 1 ? checked(batch * Bands) : (batch + Images - 1) / Images;
}

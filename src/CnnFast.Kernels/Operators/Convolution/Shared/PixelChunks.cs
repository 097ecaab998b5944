namespace CnnFast.Operators;

/// <summary>
/// How a batch is cut into chunks of work, from sizes alone: a band of rows of one image, or several whole small images
/// whose pixels are then one run of GEMM rows.
/// </summary>
/// <param name="Images">Images of a chunk; above 1 only when <paramref name="Rows"/> are all rows.</param>
/// <param name="Rows">Grid rows of a chunk.</param>
/// <param name="Bands">Chunks of one image; 1 when a chunk holds whole images.</param>
internal readonly record struct PixelChunks(int Images, int Rows, int Bands)
{
    private const int SmallImagePixels = 128;
    private const int ChunkPixels = 192;
    private const int InPlacePixels = 768;
    private const int LeastPixels = 96;
    private const int WantedBands = 4;

    private static readonly int s_slabBudgetFloats = Machine.Current.CoreCacheBytes / 16 * 3 / sizeof(float);

    public static PixelChunks Choose(SlidingSource source, int batch)
    {
        int gridRows = source.Rows.Grid;
        int columns = source.Columns.Grid;
        long pixels = (long)gridRows * columns;
        if (pixels < SmallImagePixels)
        {
            long images = (ChunkPixels + pixels - 1) / pixels;
            if (!source.IsInPlace)
                images = Math.Min(images, Math.Max(1, s_slabBudgetFloats / source.SlabFloats(gridRows)));
            return new PixelChunks((int)Math.Min(images, batch), gridRows, 1);
        }

        long least = (LeastPixels + columns - 1) / columns;
        long rows = (InPlacePixels + columns - 1) / columns;
        if (!source.IsInPlace)
        {
            long rowsInBudget = (s_slabBudgetFloats / source.RowStride) - source.Rows.Span;
            rows = (rowsInBudget / source.Rows.Step) + 1;
        }

        rows = Math.Min(rows, (gridRows + WantedBands - 1) / WantedBands);
        rows = Math.Clamp(Math.Max(rows, least), 1, gridRows);
        int bands = (int)((gridRows + rows - 1) / rows);
        return new PixelChunks(1, (gridRows + bands - 1) / bands, bands);
    }

    public int Count(int batch) => Bands > 1 ? batch * Bands : (batch + Images - 1) / Images;
}

using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// Fills batches with images that are moved by a random number of whole pixels. The move depends on the seed, the epoch and the image alone.
/// </summary>
internal sealed class ShiftedBatches(ImageDataset data, Normalization normalization, int maxShift, ulong seed)
{
    private const ulong Stream = 0x5348494654UL;

    /// <summary>The epoch that is being filled; set before it starts.</summary>
    public int Epoch { get; set; }

    /// <summary>A loader over the moved images.</summary>
    public BatchLoader CreateLoader(int batchSize, bool shuffle, bool prefetch) =>
        new(data.Count, data.ImageShape, batchSize, seed, shuffle, prefetch, Fill);

    private void Fill(ReadOnlySpan<int> indices, Span<float> images, Span<int> labels)
    {
        Span<float> table = stackalloc float[256];
        normalization.FillTable(table);
        int length = data.ImageShape.ElementCount;
        images.Fill(table[0]);
        for (int i = 0; i < indices.Length; i++)
        {
            labels[i] = data.GetLabel(indices[i]);
            var random = new SeededRandom(seed ^ Stream, ((ulong)Epoch << 32) | (uint)indices[i]);
            int down = random.NextInt32((2 * maxShift) + 1) - maxShift;
            int right = random.NextInt32((2 * maxShift) + 1) - maxShift;
            Move(data.GetImageBytes(indices[i]), images.Slice(i * length, length), down, right, table);
        }
    }

    private void Move(ReadOnlySpan<byte> source, Span<float> destination, int down, int right, ReadOnlySpan<float> table)
    {
        int width = data.W * data.C;
        int count = (data.W - Math.Abs(right)) * data.C;
        for (int row = Math.Max(0, down); row < data.H + Math.Min(0, down); row++)
        {
            int from = ((row - down) * width) + (Math.Max(0, -right) * data.C);
            int to = (row * width) + (Math.Max(0, right) * data.C);
            Normalization.ApplyTable(table, source.Slice(from, count), destination.Slice(to, count));
        }
    }
}

using System.Buffers;

namespace CnnFast.Data;

/// <summary>Images whose bytes become numbers in a way of their own.</summary>
internal sealed class NormalizedImages : IDataset
{
    private readonly float[] _tables;

    public NormalizedImages(IImageDataset images, Normalization normalization)
    {
        normalization.RequireChannels("Normalized", images.ImageShape[2]);
        Images = images;
        Normalization = normalization;
        _tables = normalization.CreateTables();
    }

    public IImageDataset Images { get; }

    public Normalization Normalization { get; }

    public int Count => Images.Count;

    public IReadOnlyList<Shape> Inputs => [Images.ImageShape];

    public IReadOnlyList<TargetInfo> Targets => Images.Targets;

    public bool HasSampleWeights => Images.HasSampleWeights;

    public IReadOnlyList<string>? ClassNames => Images.ClassNames;

    /// <summary>Fills a batch.</summary>
    public static void Fill(IImageDataset images, Normalization normalization, ReadOnlySpan<int> indices, BatchBuffers batch)
    {
        Span<float> table = stackalloc float[256];
        Fill(images, normalization.Channels == 1 ? normalization.FillTables(table) : normalization.CreateTables(), indices, batch);
    }

    public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch) => Fill(Images, _tables, indices, batch);

    private static void Fill(IImageDataset images, ReadOnlySpan<float> tables, ReadOnlySpan<int> indices, BatchBuffers batch)
    {
        Span<float> numbers = batch.Input();
        int length = images.ImageShape.ElementCount;
        byte[] pixels = ArrayPool<byte>.Shared.Rent(length);
        for (int i = 0; i < indices.Length; i++)
        {
            images.ReadImage(indices[i], pixels.AsSpan(0, length));
            Normalization.ApplyTables(tables, pixels.AsSpan(0, length), numbers.Slice(i * length, length));
        }

        ArrayPool<byte>.Shared.Return(pixels);
        images.FillTargets(indices, batch);
    }
}

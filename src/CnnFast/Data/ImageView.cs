namespace CnnFast.Data;

/// <summary>Some of the images of a data set in an order of their own, with weights or names of their own where there are any.</summary>
internal sealed class ImageView(IImageDataset images, int[]? positions, float[]? weights, IReadOnlyList<string>? classNames)
    : DatasetView(images, positions, weights, classNames), IImageDataset
{
    public Shape ImageShape => images.ImageShape;

    public void ReadImage(int index, Span<byte> pixels) => images.ReadImage(Position(index), pixels);

    public void FillTargets(ReadOnlySpan<int> indices, BatchBuffers batch) => FillTargets(images, indices, batch);
}

namespace CnnFast.Data;

/// <summary>Images with the targets of other data sets beside their own.</summary>
internal sealed class JoinedImageTargets(IImageDataset images, IDataset[] others) : JoinedTargets(images, others), IImageDataset
{
    public Shape ImageShape => images.ImageShape;

    public void ReadImage(int index, Span<byte> pixels) => images.ReadImage(index, pixels);

    public void FillTargets(ReadOnlySpan<int> indices, BatchBuffers batch)
    {
        images.FillTargets(indices, batch);
        FillOthers(indices, 0, batch);
    }
}

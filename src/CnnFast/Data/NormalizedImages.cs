namespace CnnFast.Data;

/// <summary>Images whose bytes become numbers in a way of their own.</summary>
internal sealed class NormalizedImages(ImageDataset images, Normalization normalization) : IDataset
{
    public ImageDataset Images => images;

    public Normalization Normalization => normalization;

    public int Count => images.Count;

    public IReadOnlyList<Shape> Inputs => [images.ImageShape];

    public IReadOnlyList<TargetInfo> Targets => [TargetInfo.Labels(images.Classes)];

    public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch) => images.Fill(indices, normalization, batch);
}

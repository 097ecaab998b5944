namespace CnnFast.Data;

/// <summary>
/// Images of one shape as bytes, with targets: what can be normalised (<see cref="ImageDatasets.Normalized"/>) and changed at random while
/// training. As a data set by itself its inputs are value / 255. Implementations are thread-safe and give the same bytes for the same
/// index, whoever asks for them and when.
/// </summary>
public interface IImageDataset : IDataset
{
    /// <summary>The shape of one image, <c>[H, W, C]</c>.</summary>
    Shape ImageShape { get; }

    IReadOnlyList<Shape> IDataset.Inputs => [ImageShape];

    /// <summary>Writes the bytes of an image. Called on any thread, on several at once.</summary>
    /// <param name="index">The image, from 0 to <see cref="IDataset.Count"/> − 1.</param>
    /// <param name="pixels">Receives <c>[H, W, C]</c> bytes: as many as <see cref="ImageShape"/> says.</param>
    void ReadImage(int index, Span<byte> pixels);

    /// <summary>Writes the targets of samples into a batch, and whatever else belongs to them but the images.</summary>
    /// <param name="indices">The samples, each from 0 to <see cref="IDataset.Count"/> − 1; one may come twice.</param>
    /// <param name="batch">What to write to.</param>
    void FillTargets(ReadOnlySpan<int> indices, BatchBuffers batch);

    void IDataset.Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch) => NormalizedImages.Fill(this, default, indices, batch);
}

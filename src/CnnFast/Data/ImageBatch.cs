namespace CnnFast.Data;

/// <summary>
/// One batch of a <see cref="BatchLoader"/>. Its buffers are reused: what it holds is valid until the loader's next
/// <see cref="BatchLoader.MoveNext"/>, <see cref="BatchLoader.StartEpoch"/> or <see cref="BatchLoader.Dispose"/>.
/// </summary>
public sealed class ImageBatch
{
    private readonly AlignedBuffer<float> _images;
    private readonly int[] _labels;
    private readonly Shape _imageShape;
    private readonly int _imageLength;

    internal ImageBatch(Shape imageShape, int capacity)
    {
        _imageShape = imageShape;
        _imageLength = imageShape.ElementCount;
        _images = new AlignedBuffer<float>(imageShape.WithBatch(capacity).ElementCount);
        _labels = new int[capacity];
    }

    /// <summary>Which batch of the epoch this is, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>Images in the batch: the batch size, or fewer in the last batch of an epoch.</summary>
    public int Count { get; private set; }

    /// <summary>The shape of the images, <c>[Count, H, W, C]</c>.</summary>
    public Shape Shape => _imageShape.WithBatch(Count);

    /// <summary>The normalised images, <c>[Count, H, W, C]</c>, 64-byte aligned.</summary>
    public ReadOnlySpan<float> Images => _images.Span[..(Count * _imageLength)];

    /// <summary>The class of every image.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    internal void Fill(int index, ReadOnlySpan<int> indices, BatchFill fill)
    {
        Index = index;
        Count = indices.Length;
        fill(indices, _images.Span[..(Count * _imageLength)], _labels.AsSpan(0, Count));
    }
}

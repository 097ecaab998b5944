namespace CnnFast.Data;

/// <summary>
/// Images of one size with targets, most often one label each, kept as bytes in <c>[H, W, C]</c> order. Immutable and thread-safe;
/// <see cref="Subset"/>, <see cref="Take"/>, <see cref="Shuffle"/> and <see cref="Split"/> share the bytes with the data set that they came
/// from.
/// </summary>
public sealed class ImageDataset : IImageDataset
{
    private readonly byte[] _pixels;
    private readonly SampleTargets _targets;
    private readonly int[]? _positions;

    /// <summary>Creates a data set from copies of its images and labels.</summary>
    /// <param name="imageShape">Shape of one image, <c>[H, W, C]</c>.</param>
    /// <param name="classes">Number of classes, at least 1.</param>
    /// <param name="pixels">The bytes of all images, <c>[N, H, W, C]</c>.</param>
    /// <param name="labels">The class of every image, each from 0 to <paramref name="classes"/> − 1.</param>
    /// <exception cref="ShapeException">The shape is not of rank 3, there are no images, or the number of bytes is not that of
    /// the labels' images.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 1, or a label is out of range.</exception>
    public ImageDataset(Shape imageShape, int classes, ReadOnlySpan<byte> pixels, ReadOnlySpan<int> labels)
        : this(imageShape, pixels.ToArray(), Labelled(imageShape, classes, pixels.Length, labels.ToArray()), labels.Length, null, null)
    {
    }

    /// <summary>Creates a data set from copies of its images and labels of any shape, such as one a pixel.</summary>
    /// <param name="imageShape">Shape of one image, <c>[H, W, C]</c>.</param>
    /// <param name="pixels">The bytes of all images, <c>[N, H, W, C]</c>.</param>
    /// <param name="target">What the labels of one image are, such as <c>TargetInfo.Labels(new Shape(H, W), classes)</c>.</param>
    /// <param name="labels">The labels, one image after the other.</param>
    /// <param name="ignoredLabel">A label outside the classes that may be there as well, for losses that leave it out.</param>
    /// <exception cref="ShapeException">The shape is not of rank 3, there are no images, or there are not as many labels as they need.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is not of labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is out of range.</exception>
    public ImageDataset(Shape imageShape, ReadOnlySpan<byte> pixels, TargetInfo target, ReadOnlySpan<int> labels,
        int? ignoredLabel = null)
        : this(imageShape, pixels.ToArray(),
            SampleTargets.OfLabels("ImageDataset", target, labels.ToArray(), ImagesOf(imageShape, pixels.Length), ignoredLabel),
            ImagesOf(imageShape, pixels.Length), null, null)
    {
    }

    /// <summary>Creates a data set from copies of its images and the numbers that belong to them.</summary>
    /// <param name="imageShape">Shape of one image, <c>[H, W, C]</c>.</param>
    /// <param name="pixels">The bytes of all images, <c>[N, H, W, C]</c>.</param>
    /// <param name="targetShape">The shape of one image's targets, such as <c>[K]</c> for several labels, each 1 or 0.</param>
    /// <param name="values">The targets, one image after the other; finite numbers.</param>
    /// <exception cref="ShapeException">The shape is not of rank 3, there are no images, or there are not as many numbers as they need.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite; the message names the image.</exception>
    public ImageDataset(Shape imageShape, ReadOnlySpan<byte> pixels, Shape targetShape, ReadOnlySpan<float> values)
        : this(imageShape, pixels.ToArray(),
            SampleTargets.OfValues("ImageDataset", targetShape, values.ToArray(), ImagesOf(imageShape, pixels.Length)),
            ImagesOf(imageShape, pixels.Length), null, null)
    {
    }

    private ImageDataset(Shape imageShape, byte[] pixels, SampleTargets targets, int count, int[]? positions,
        IReadOnlyList<string>? classNames)
    {
        ImageShape = imageShape;
        ImageLength = imageShape.ElementCount;
        Count = count;
        _pixels = pixels;
        _targets = targets;
        _positions = positions;
        ClassNames = classNames;
    }

    /// <summary>The number of images.</summary>
    public int Count { get; }

    /// <summary>Rows of an image.</summary>
    public int H => ImageShape[0];

    /// <summary>Columns of an image.</summary>
    public int W => ImageShape[1];

    /// <summary>Channels of a pixel, contiguous in memory.</summary>
    public int C => ImageShape[2];

    /// <summary>The number of classes; labels run from 0 to this minus 1. 0 where the targets are numbers.</summary>
    public int Classes => _targets.Info.Classes;

    /// <summary>What the classes are called, or null where nobody says.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>The shape of one image, <c>[H, W, C]</c>.</summary>
    public Shape ImageShape { get; }

    /// <summary>The labels of all images, in order: one each, or as many as the target says. Empty where the targets are numbers.</summary>
    public ReadOnlySpan<int> Labels => _targets.Labels;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> Targets => [_targets.Info];

    internal int ImageLength { get; }

    /// <summary>The class of an image.</summary>
    /// <param name="index">The image, from 0 to <see cref="Count"/> − 1.</param>
    /// <returns>The class, from 0 to <see cref="Classes"/> − 1, or the ignored label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    /// <exception cref="InvalidOperationException">The targets are not one label an image.</exception>
    public int GetLabel(int index)
    {
        CheckIndex(index);
        return _targets.Info == TargetInfo.Labels(Math.Max(1, Classes))
            ? _targets.Labels[index]
            : throw new InvalidOperationException($"ImageDataset: the targets of an image are {_targets.Info}; expected one label.");
    }

    /// <summary>The bytes of an image.</summary>
    /// <param name="index">The image, from 0 to <see cref="Count"/> − 1.</param>
    /// <returns>The bytes, <c>[H, W, C]</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ReadOnlySpan<byte> GetImageBytes(int index)
    {
        CheckIndex(index);
        int position = _positions is null ? index : _positions[index];
        return _pixels.AsSpan(position * ImageLength, ImageLength);
    }

    /// <summary>Writes images as network inputs, one after the other.</summary>
    /// <param name="indices">The images, each from 0 to <see cref="Count"/> − 1; one may come twice.</param>
    /// <param name="destination">Receives <c>[indices.Length, H, W, C]</c> values; may be longer.</param>
    /// <param name="normalization">How a byte becomes a number; the default maps 0..255 to 0..1.</param>
    /// <exception cref="ShapeException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image; nothing useful is in
    /// <paramref name="destination"/> then.</exception>
    public void CopyImages(ReadOnlySpan<int> indices, Span<float> destination, Normalization normalization = default)
    {
        if ((long)indices.Length * ImageLength > destination.Length)
            throw new ShapeException($"ImageDataset: the destination holds {destination.Length} values; " +
                $"expected {(long)indices.Length * ImageLength} for {indices.Length} images of {ImageShape}.");
        normalization.RequireChannels("ImageDataset", C);
        Span<float> tables = normalization.Channels == 1 ? stackalloc float[256] : new float[256 * C];
        normalization.FillTables(tables);
        for (int i = 0; i < indices.Length; i++)
            Normalization.ApplyTables(tables, GetImageBytes(indices[i]), destination.Slice(i * ImageLength, ImageLength));
    }

    /// <inheritdoc/>
    public void ReadImage(int index, Span<byte> pixels) => GetImageBytes(index).CopyTo(pixels);

    /// <inheritdoc/>
    public void FillTargets(ReadOnlySpan<int> indices, BatchBuffers batch) => _targets.Fill(indices, batch);

    /// <summary>The same images with names for their classes, or for the numbers of their targets.</summary>
    /// <param name="names">The name of every class, in order, each of 1 to 200 characters.</param>
    /// <returns>A data set over the same bytes.</returns>
    /// <exception cref="ArgumentException">There is not one for each class, or one cannot be a name.</exception>
    public ImageDataset WithClassNames(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return new ImageDataset(ImageShape, _pixels, _targets, Count, _positions,
            ClassNameCheck.Require("ImageDataset", names, _targets.Info));
    }

    /// <summary>The chosen images in the given order.</summary>
    /// <param name="indices">The images, each from 0 to <see cref="Count"/> − 1, at least one.</param>
    /// <returns>A data set over the same bytes.</returns>
    /// <exception cref="ArgumentException">No image was chosen.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ImageDataset Subset(params ReadOnlySpan<int> indices)
    {
        if (indices.IsEmpty)
            throw new ArgumentException("ImageDataset: a subset of no images was asked for; expected at least 1.", nameof(indices));
        var positions = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            CheckIndex(indices[i], nameof(indices));
            positions[i] = _positions is null ? indices[i] : _positions[indices[i]];
        }

        return new ImageDataset(ImageShape, _pixels, _targets.Subset(indices), indices.Length, positions, ClassNames);
    }

    /// <summary>The first images.</summary>
    /// <param name="count">How many, from 1 to <see cref="Count"/>.</param>
    /// <returns>A data set over the same bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public ImageDataset Take(int count)
    {
        if (count < 1 || count > Count)
            throw new ArgumentOutOfRangeException(nameof(count), count,
                $"ImageDataset: {count} images were asked for; expected 1 to {Count}.");
        return Subset(Order(Count).AsSpan(0, count));
    }

    /// <summary>All images in a random order that depends on nothing but the seed and the count.</summary>
    /// <param name="seed">The seed.</param>
    /// <returns>A data set over the same bytes.</returns>
    public ImageDataset Shuffle(ulong seed)
    {
        int[] order = Order(Count);
        new SeededRandom(seed).Shuffle<int>(order);
        return Subset(order);
    }

    /// <summary>Cuts the data set in two, in order: <c>Shuffle(seed).Split(n)</c> cuts at random.</summary>
    /// <param name="trainCount">How many images come first, from 1 to <see cref="Count"/> − 1.</param>
    /// <returns>The first images and the rest, over the same bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public TrainTestDatasets Split(int trainCount)
    {
        if (trainCount < 1 || trainCount >= Count)
            throw new ArgumentOutOfRangeException(nameof(trainCount), trainCount, $"ImageDataset: a split after {trainCount} of {Count} " +
                $"images was asked for; expected 1 to {Count - 1}, so that both parts hold an image.");
        ReadOnlySpan<int> order = Order(Count);
        return new TrainTestDatasets(Subset(order[..trainCount]), Subset(order[trainCount..]));
    }

    /// <summary>Wraps arrays that nobody else writes to.</summary>
    internal static ImageDataset Own(Shape imageShape, int classes, byte[] pixels, int[] labels) =>
        new(imageShape, pixels, Labelled(imageShape, classes, pixels.Length, labels), labels.Length, null, null);

    internal static int[] Order(int count)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        return order;
    }

    private static SampleTargets Labelled(Shape imageShape, int classes, int pixels, int[] labels)
    {
        RequireImage(imageShape);
        if (labels.Length == 0)
            throw new ShapeException("ImageDataset: there are no images; expected at least 1.");
        if ((long)labels.Length * imageShape.ElementCount != pixels)
            throw new ShapeException($"ImageDataset: {pixels} bytes were given for {labels.Length} labels; " +
                $"expected {(long)labels.Length * imageShape.ElementCount}, images of {imageShape}.");
        return SampleTargets.OfLabels("ImageDataset", TargetInfo.Labels(classes), labels, labels.Length);
    }

    private static int ImagesOf(Shape imageShape, int pixels)
    {
        RequireImage(imageShape);
        int length = imageShape.ElementCount;
        return pixels >= length && pixels % length == 0
            ? pixels / length
            : throw new ShapeException($"ImageDataset: {pixels} bytes were given; expected images of {imageShape}, {length} bytes each.");
    }

    private static void RequireImage(Shape imageShape)
    {
        if (imageShape.Rank != 3)
            throw new ShapeException($"ImageDataset: the image shape is {imageShape}; expected [H, W, C].");
    }

    private void CheckIndex(int index, string parameter = "index")
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(parameter, index,
                $"ImageDataset: image {index} was asked for; expected 0 to {Count - 1}.");
    }
}

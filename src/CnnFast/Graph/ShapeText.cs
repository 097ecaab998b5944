using System.Globalization;

namespace CnnFast.Graphs;

/// <summary>Shapes as users read them: with the batch as N, such as <c>(N, 26, 26, 32)</c>.</summary>
internal static class ShapeText
{
    /// <summary>The text of a sample's shape.</summary>
    public static string OfSample(Shape sample)
    {
        var text = new System.Text.StringBuilder("(N");
        foreach (int dimension in sample.Dimensions)
            text.Append(", ").Append(dimension.ToString(CultureInfo.InvariantCulture));
        return text.Append(')').ToString();
    }

    /// <summary>The text of a sample's shape, or of a shape that has no batch.</summary>
    public static string Of(Shape shape, bool hasBatch) =>
        hasBatch ? OfSample(shape) : $"({string.Join(", ", shape.Dimensions.ToArray())})";

    /// <summary>The text of a shape whose first dimension is the batch.</summary>
    public static string OfBatch(Shape batch) => OfSample(batch.WithoutBatch());

    /// <summary>The shape of images that grew from an input, or a sentence that names the layer.</summary>
    public static Shape Images(string who, Shape input, long height, long width) => Images(who, input, height, width, input[3]);

    /// <summary>The shape of images of other sizes and channels than the input's, or a sentence that names the layer.</summary>
    public static Shape Images(string who, Shape input, long height, long width, int channels)
    {
        long elements = height <= int.MaxValue && width <= int.MaxValue ? height * width : long.MaxValue;
        return elements <= int.MaxValue / ((long)input[0] * channels)
            ? Shape.Nhwc(input[0], (int)height, (int)width, channels)
            : throw new ShapeException($"{who}: the output would be {height}×{width} pixels of {channels} channels, " +
                $"more than {int.MaxValue} elements; the input has shape {OfBatch(input)}.");
    }

    /// <summary>Throws unless an input is a batch of images.</summary>
    public static void RequireImages(string who, Shape input)
    {
        if (input.Rank != 4)
            throw new ShapeException($"{who}: input has shape {OfBatch(input)}; expected images (N, H, W, C): put it before Flatten, " +
                "Dense and global pooling layers.");
    }
}

using CnnFast.Operators;

namespace CnnFast.Data;

/// <summary>
/// Takes a random rectangle out of an image and resizes it to the image's size, with half-pixel centres and linear interpolation. Its area
/// is drawn evenly, the logarithm of its aspect too; a rectangle that would be wider or higher than the image is cut to it. Immutable.
/// </summary>
public sealed record RandomResizedCrop : IImageTransform
{
    /// <summary>The least area, as a part of the image's: above 0.</summary>
    public float MinArea { get; init; } = 0.08f;

    /// <summary>The largest area: at least <see cref="MinArea"/>, at most 1.</summary>
    public float MaxArea { get; init; } = 1;

    /// <summary>The largest aspect, width to height beside the image's own, and its inverse the least: at least 1.</summary>
    public float MaxAspect { get; init; } = 4f / 3;

    /// <inheritdoc/>
    public void RequireFit(Shape image)
    {
        const string Who = nameof(RandomResizedCrop);
        OptionRange.Require(MinArea is > 0 and <= 1, Who, nameof(MinArea), MinArea, "above 0 and at most 1");
        OptionRange.Require(MaxArea >= MinArea && MaxArea <= 1, Who, nameof(MaxArea), MaxArea, "at least MinArea and at most 1");
        OptionRange.Require(MaxAspect >= 1 && float.IsFinite(MaxAspect), Who, nameof(MaxAspect), MaxAspect,
            "a finite number of at least 1");
    }

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        double area = MinArea + ((MaxArea - MinArea) * image.NextDouble());
        double aspect = Math.Exp(image.Draw((float)Math.Log(MaxAspect)));
        double height = Math.Min(1, Math.Sqrt(area / aspect));
        double width = Math.Min(1, Math.Sqrt(area * aspect));
        int rows = image.Shape[0], columns = image.Shape[1];
        double top = image.NextDouble() * (1 - height) * rows;
        double left = image.NextDouble() * (1 - width) * columns;
        image.Move(new AffineMap(height, 0, top + (height / 2) - 0.5, 0, width, left + (width / 2) - 0.5), ImageFill.Edge);
    }
}

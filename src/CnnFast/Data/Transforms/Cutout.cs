namespace CnnFast.Data;

/// <summary>
/// Covers a random rectangle inside the image with one value (DeVries and Taylor 2017; Zhong et al. 2020, "Random erasing"). Labels per
/// pixel stay as they are. Immutable.
/// </summary>
public sealed record Cutout : IImageTransform
{
    /// <summary>How often, from 0 to 1.</summary>
    public float Probability { get; init; } = 0.5f;

    /// <summary>The least area, as a part of the image's: above 0.</summary>
    public float MinArea { get; init; } = 0.02f;

    /// <summary>The largest area: at least <see cref="MinArea"/>, at most 1.</summary>
    public float MaxArea { get; init; } = 0.33f;

    /// <summary>The largest aspect, width to height beside the image's own, and its inverse the least: at least 1.</summary>
    public float MaxAspect { get; init; } = 3.3f;

    /// <summary>The value that covers.</summary>
    public byte Value { get; init; }

    /// <inheritdoc/>
    public void RequireFit(Shape image)
    {
        const string Who = nameof(Cutout);
        OptionRange.RequireProbability(Who, Probability);
        OptionRange.Require(MinArea is > 0 and <= 1, Who, nameof(MinArea), MinArea, "above 0 and at most 1");
        OptionRange.Require(MaxArea >= MinArea && MaxArea <= 1, Who, nameof(MaxArea), MaxArea, "at least MinArea and at most 1");
        OptionRange.Require(MaxAspect >= 1 && float.IsFinite(MaxAspect), Who, nameof(MaxAspect), MaxAspect,
            "a finite number of at least 1");
    }

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        if (!image.Chance(Probability))
            return;
        int rows = image.Shape[0], columns = image.Shape[1], channels = image.Shape[2];
        double area = MinArea + ((MaxArea - MinArea) * image.NextDouble());
        double aspect = Math.Exp(image.Draw((float)Math.Log(MaxAspect)));
        int height = Math.Clamp((int)Math.Round(rows * Math.Sqrt(area / aspect)), 1, rows);
        int width = Math.Clamp((int)Math.Round(columns * Math.Sqrt(area * aspect)), 1, columns);
        int top = image.Index(rows - height + 1);
        int left = image.Index(columns - width + 1);
        Span<float> pixels = image.Pixels;
        for (int i = top; i < top + height; i++)
            pixels.Slice(((i * columns) + left) * channels, width * channels).Fill(Value);
    }
}

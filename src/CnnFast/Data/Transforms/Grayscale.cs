namespace CnnFast.Data;

/// <summary>Makes all channels of colour images their grey: 0.299 red, 0.587 green, 0.114 blue. Immutable.</summary>
/// <param name="Probability">How often, from 0 to 1.</param>
public sealed record Grayscale(float Probability = 0.1f) : IImageTransform
{
    /// <inheritdoc/>
    public void RequireFit(Shape image)
    {
        OptionRange.RequireProbability(nameof(Grayscale), Probability);
        OptionRange.RequireColors(nameof(Grayscale), image);
    }

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        if (image.Chance(Probability))
            image.MixChannels([.. ColorMatrix.Grey, .. ColorMatrix.Grey, .. ColorMatrix.Grey], [0, 0, 0]);
    }
}

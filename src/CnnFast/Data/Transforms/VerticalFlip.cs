using CnnFast.Operators;

namespace CnnFast.Data;

/// <summary>Mirrors images top to bottom. Immutable.</summary>
/// <param name="Probability">How often, from 0 to 1.</param>
public sealed record VerticalFlip(float Probability = 0.5f) : IImageTransform
{
    /// <inheritdoc/>
    public void RequireFit(Shape image) => OptionRange.RequireProbability(nameof(VerticalFlip), Probability);

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        if (image.Chance(Probability))
            image.Move(new AffineMap(-1, 0, image.Shape[0] - 1, 0, 1, 0), null);
    }
}

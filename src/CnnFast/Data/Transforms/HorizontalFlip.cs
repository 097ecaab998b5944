using CnnFast.Operators;

namespace CnnFast.Data;

/// <summary>Mirrors images left to right. Immutable.</summary>
/// <param name="Probability">How often, from 0 to 1.</param>
public sealed record HorizontalFlip(float Probability = 0.5f) : IImageTransform
{
    /// <inheritdoc/>
    public void RequireFit(Shape image) => OptionRange.RequireProbability(nameof(HorizontalFlip), Probability);

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        if (image.Chance(Probability))
            image.Move(new AffineMap(1, 0, 0, 0, -1, image.Shape[1] - 1), null);
    }
}

namespace CnnFast.Data;

/// <summary>
/// Mixes an image with another of the data set, which goes through the changes before this one too, and its targets in the same shares
/// (Zhang et al. 2018). Labels become shares of classes, as soft targets of cross-entropy; training then reports no accuracy of its own.
/// Immutable.
/// </summary>
/// <param name="Alpha">Shares are drawn from Beta(Alpha, Alpha): above 0, at most 4; small values mix seldom.</param>
public sealed record Mixup(float Alpha = 0.2f) : IImageTransform
{
    /// <inheritdoc/>
    public void RequireFit(Shape image) => Beta.Require(nameof(Mixup), Alpha);

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        double own = Beta.Draw(ref image, Alpha);
        image.Blend(image.DrawPartner(), (float)(1 - own));
    }
}

namespace CnnFast.Data;

/// <summary>
/// Puts a rectangle of another image of the data set into an image, at its own place (Yun et al. 2019). Targets are mixed in the shares of
/// the areas: labels become shares of classes, as soft targets of cross-entropy; labels per pixel come with their pixels. The other image
/// goes through the changes before this one too. Immutable.
/// </summary>
/// <param name="Alpha">The share that the image keeps is drawn from Beta(Alpha, Alpha): above 0, at most 4.</param>
public sealed record CutMix(float Alpha = 1) : IImageTransform
{
    /// <inheritdoc/>
    public void RequireFit(Shape image) => Beta.Require(nameof(CutMix), Alpha);

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        double side = Math.Sqrt(1 - Beta.Draw(ref image, Alpha));
        int rows = image.Shape[0], columns = image.Shape[1];
        (int top, int height) = Cut(ref image, rows, side);
        (int left, int width) = Cut(ref image, columns, side);
        image.Paste(image.DrawPartner(), top, left, height, width);
    }

    // A stretch about a random centre, cut at the edges.
    private static (int Start, int Length) Cut(ref ImageSample image, int count, double side)
    {
        int centre = image.Index(count);
        int length = (int)(side * count);
        int start = Math.Max(0, centre - (length / 2));
        return (start, Math.Min(count, centre - (length / 2) + length) - start);
    }
}

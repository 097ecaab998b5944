using CnnFast.Operators;

namespace CnnFast.Data;

/// <summary>Puts a border around an image and takes a piece of the image's size out of that: a move by whole pixels. Immutable.</summary>
/// <param name="Pixels">The width of the border, at least 0; 4 is usual for images of 32×32 pixels.</param>
public sealed record PadAndCrop(int Pixels = 4) : IImageTransform
{
    /// <summary>What the border is.</summary>
    public ImageFill Fill { get; init; }

    /// <inheritdoc/>
    public void RequireFit(Shape image) =>
        OptionRange.Require(Pixels is >= 0 and <= 1 << 20, nameof(PadAndCrop), nameof(Pixels), Pixels, "at least 0");

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        int down = image.Index((2 * Pixels) + 1) - Pixels;
        int right = image.Index((2 * Pixels) + 1) - Pixels;
        image.Move(new AffineMap(1, 0, down, 0, 1, right), Fill);
    }
}

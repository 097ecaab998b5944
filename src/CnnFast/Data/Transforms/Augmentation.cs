namespace CnnFast.Data;

/// <summary>
/// Random changes of training images, one after the other, drawn anew for every image in every epoch. Neighbouring moves of an image
/// (flips, <see cref="RandomAffine"/>, <see cref="RandomResizedCrop"/>, <see cref="PadAndCrop"/>) are done in one go: its pixels are
/// interpolated once. Labels per pixel (targets of shape <c>[H, W]</c>) move with the image, to the nearest pixel. Immutable and
/// thread-safe.
/// </summary>
/// <example>
/// <code>
/// var options = new FitOptions
/// {
///     Augmentation = new Augmentation(
///         new HorizontalFlip(),
///         new RandomAffine { MaxShift = 3, MaxRotation = 10 },
///         new ColorJitter { Brightness = 0.2f, Saturation = 0.2f },
///         new Cutout()),
/// };
/// </code>
/// </example>
public sealed class Augmentation
{
    private readonly IImageTransform[] _transforms;

    /// <summary>Lists the changes.</summary>
    /// <param name="transforms">The changes in their order; none leaves images as they are.</param>
    /// <exception cref="ArgumentException">One is null.</exception>
    public Augmentation(params IEnumerable<IImageTransform> transforms)
    {
        ArgumentNullException.ThrowIfNull(transforms);
        _transforms = [.. transforms];
        if (_transforms.Any(transform => transform is null))
            throw new ArgumentException("Augmentation: a transform is null; expected none that is.", nameof(transforms));
    }

    /// <summary>The changes in their order.</summary>
    public IReadOnlyList<IImageTransform> Transforms => _transforms;

    /// <summary>
    /// The label of pixels that come in from outside, where targets are labels per pixel: 0, the usual background, by default; the ignored
    /// index of the loss leaves them out. At least 0, below the number of classes, or what the loss ignores.
    /// </summary>
    public int OutsideLabel { get; init; }

    /// <summary>Whether images are mixed, so that labels become shares of classes.</summary>
    internal bool Mixes => _transforms.Any(IsMixing);

    /// <summary>Throws where a change does not fit images of a shape.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="ShapeException">The images do not fit.</exception>
    internal void RequireFit(Shape image)
    {
        foreach (IImageTransform transform in _transforms)
            transform.RequireFit(image);
    }

    internal bool Any<T>() => _transforms.Any(Is<T>);

    private static bool IsMixing(IImageTransform transform) => Is<Mixup>(transform) || Is<CutMix>(transform);

    private static bool Is<T>(IImageTransform transform) =>
        transform is T || (transform is RandomApply some && some.Transforms.Any(Is<T>));
}

namespace CnnFast.Data;

/// <summary>
/// A random change of training images, one step of an <see cref="Augmentation"/>. Implementations are immutable and thread-safe, and draw
/// all random numbers from the sample, so that the same seed gives the same images at any number of threads.
/// </summary>
/// <example>
/// <code>
/// sealed class Invert : IImageTransform
/// {
///     public void Apply(ref ImageSample image)
///     {
///         if (!image.Chance(0.5f))
///             return;
///         foreach (ref float value in image.Pixels)
///             value = 255 - value;
///     }
/// }
/// </code>
/// </example>
public interface IImageTransform
{
    /// <summary>
    /// Throws where the options are out of range, or images of a shape cannot be changed so. Called once before training.
    /// </summary>
    /// <param name="image">The shape of the images, <c>[H, W, C]</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="ShapeException">The images do not fit.</exception>
    void RequireFit(Shape image)
    {
    }

    /// <summary>Changes an image in place. Called on any thread, for different images on several at once.</summary>
    /// <param name="image">The image, its mask, and random numbers of its own.</param>
    void Apply(ref ImageSample image);
}

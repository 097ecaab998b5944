using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Images enlarged by whole factors, <c>[N, H, W, C]</c> to <c>[N, H·height, W·width, C]</c>. Pixels are areas (half-pixel centres, as in
/// TensorFlow 2 and Keras 3): row i of the output lies at r = (i + ½) / height − ½ of the input, and r is clamped to 0 … H − 1; columns
/// likewise. <see cref="Interpolation.Nearest"/> repeats each pixel height × width times; <see cref="Interpolation.Bilinear"/> weighs rows
/// ⌊r⌋ and ⌊r⌋ + 1 with 1 − (r − ⌊r⌋) and r − ⌊r⌋, and columns likewise.
/// </summary>
public sealed class UpSampling2D : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="size">Output rows and columns for one of the input: a number or <c>(height, width)</c>; 2 when not given.</param>
    /// <param name="interpolation">What lies between the pixels.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public UpSampling2D(Size2D? size = null, Interpolation interpolation = Interpolation.Nearest, string? name = null)
        : base(new UpSampling2DOperation((size ?? 2).Height, (size ?? 2).Width, interpolation), name)
    {
    }
}

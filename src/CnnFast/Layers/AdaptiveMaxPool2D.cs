using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// The maximum of each of height × width windows that cover the image, whatever its size, <c>[N, H, W, C]</c> to
/// <c>[N, height, width, C]</c>. Row i of the output reads rows ⌊i·H / height⌋ to ⌈(i + 1)·H / height⌉ − 1, columns likewise, as in
/// PyTorch: windows overlap by a row where they do not divide the image. A NaN in a window is its result; the
/// gradient goes to the first maximum.
/// </summary>
public sealed class AdaptiveMaxPool2D : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="outputSize">Rows and columns of the output, at least 1: a number or <c>(height, width)</c>.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public AdaptiveMaxPool2D(Size2D outputSize, string? name = null)
        : base(new AdaptiveMaxPool2DOperation(outputSize.Height, outputSize.Width), name)
    {
    }
}

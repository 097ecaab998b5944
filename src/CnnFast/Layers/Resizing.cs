using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Images of another size, larger or smaller, <c>[N, H, W, C]</c> to <c>[N, height, width, C]</c>. Row i of the output lies at <c>r = (i +
/// ½)·H / height − ½</c> of the input (pixels are areas, as in TensorFlow 2, Keras 3 and PyTorch), or with <c>alignCorners</c> at
/// <c>r = i·(H − 1) / (height − 1)</c>, so that the outermost pixels lie on each other (0 where there is one row); r is clamped to 0 … H −
/// 1, columns likewise. <see cref="Interpolation.Nearest"/> takes the closest row, of two equally close ones the later (PyTorch calls this
/// <c>nearest-exact</c>); <see cref="Interpolation.Bilinear"/> weighs rows ⌊r⌋ and ⌊r⌋ + 1 with 1 − (r − ⌊r⌋) and r − ⌊r⌋. Nothing is
/// smoothed where an image shrinks.
/// </summary>
public sealed class Resizing : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="size">Rows and columns of the output, at least 1: a number or <c>(height, width)</c>.</param>
    /// <param name="interpolation">What lies between the pixels.</param>
    /// <param name="alignCorners">Whether the centres of the outermost pixels lie on each other, rather than their edges.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public Resizing(Size2D size, Interpolation interpolation = Interpolation.Bilinear, bool alignCorners = false, string? name = null)
        : base(new ResizingOperation(size.Height, size.Width, interpolation, alignCorners), name)
    {
    }
}

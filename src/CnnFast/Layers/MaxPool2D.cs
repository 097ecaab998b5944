using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// The maximum of each window, <c>[N, H, W, C]</c> to <c>[N, OH, OW, C]</c>. Padding is never the maximum; a NaN in a window is its result;
/// the gradient goes to the first maximum of a window.
/// </summary>
public sealed class MaxPool2D : Layer
{
    /// <summary>Describes a maximum pooling.</summary>
    /// <param name="poolSize">Rows and columns of the window: a number or <c>(height, width)</c>.</param>
    /// <param name="stride">Input pixels between two windows; the size of the window when not given.</param>
    /// <param name="padding">What happens at the border.</param>
    /// <param name="dilation">Input pixels between two cells of the window; 1 when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public MaxPool2D(Size2D poolSize, Size2D? stride = null, Padding padding = default, Size2D? dilation = null, string? name = null)
        : base(new MaxPool2DOperation(WindowOptions.Window(poolSize, stride ?? poolSize, dilation, padding)), name)
    {
    }
}

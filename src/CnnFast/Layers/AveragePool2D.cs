using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>The mean of each window, <c>[N, H, W, C]</c> to <c>[N, OH, OW, C]</c>.</summary>
public sealed class AveragePool2D : Layer
{
    /// <summary>Describes an average pooling.</summary>
    /// <param name="poolSize">Rows and columns of the window: a number or <c>(height, width)</c>.</param>
    /// <param name="stride">Input pixels between two windows; the size of the window when not given.</param>
    /// <param name="padding">What happens at the border.</param>
    /// <param name="dilation">Input pixels between two cells of the window; 1 when not given.</param>
    /// <param name="countPadding">Whether a window over the border divides by all its cells rather than by those inside the image.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public AveragePool2D(Size2D poolSize, Size2D? stride = null, Padding padding = default, Size2D? dilation = null,
        bool countPadding = false, string? name = null)
        : base(new AveragePool2DOperation(WindowOptions.Window(poolSize, stride ?? poolSize, dilation, padding), countPadding), name)
    {
    }
}

using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// The maximum of each window of sequences, <c>[N, L, C]</c> to <c>[N, OL, C]</c>. Padding is never the maximum; a NaN in a window is its
/// result; the gradient goes to the first maximum of a window.
/// </summary>
public sealed class MaxPool1D : Layer
{
    /// <summary>Describes a maximum pooling.</summary>
    /// <param name="poolSize">Places of the window, at least 1.</param>
    /// <param name="stride">Input places between two windows, at least 1; the size of the window when not given.</param>
    /// <param name="dilation">Input places between two places of a window, at least 1.</param>
    /// <param name="padding">What happens at the ends; explicit padding is that of left and right.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public MaxPool1D(int poolSize, int? stride = null, int dilation = 1, Padding padding = default, string? name = null)
        : base(new MaxPool1DOperation(WindowOptions.Row("MaxPool1D", poolSize, stride ?? poolSize, dilation, padding)), name)
    {
    }
}

using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>The mean of each window of sequences, <c>[N, L, C]</c> to <c>[N, OL, C]</c>.</summary>
public sealed class AveragePool1D : Layer
{
    /// <summary>Describes an average pooling.</summary>
    /// <param name="poolSize">Places of the window, at least 1.</param>
    /// <param name="stride">Input places between two windows, at least 1; the size of the window when not given.</param>
    /// <param name="padding">What happens at the ends; explicit padding is that of left and right.</param>
    /// <param name="countPadding">Whether a window over the padding divides by all its places rather than by those in the sequence.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public AveragePool1D(int poolSize, int? stride = null, Padding padding = default, bool countPadding = false, string? name = null)
        : base(
            new AveragePool1DOperation(WindowOptions.Row("AveragePool1D", poolSize, stride ?? poolSize, 1, padding), countPadding),
            name)
    {
    }
}

using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// The mean of each channel over the whole sequence, <c>[N, L, C]</c> to <c>[N, C]</c>.
/// </summary>
public sealed class GlobalAveragePool1D : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public GlobalAveragePool1D(string? name = null)
        : base(new GlobalAveragePool1DOperation(), name)
    {
    }
}

using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// The maximum of each channel over the whole sequence, <c>[N, L, C]</c> to <c>[N, C]</c>. A NaN in it is its
/// result; the gradient goes to the first maximum.
/// </summary>
public sealed class GlobalMaxPool1D : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public GlobalMaxPool1D(string? name = null)
        : base(new GlobalMaxPool1DOperation(), name)
    {
    }
}

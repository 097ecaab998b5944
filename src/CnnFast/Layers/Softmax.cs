using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Softmax over the last dimension: every row becomes positive and sums to 1. A model that ends in it trains on what it reads (the logits).
/// </summary>
public sealed class Softmax : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public Softmax(string? name = null)
        : base(new SoftmaxOperation(), name)
    {
    }
}

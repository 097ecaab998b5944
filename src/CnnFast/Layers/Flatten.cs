using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>Every sample as one row, <c>[N, H, W, C]</c> to <c>[N, H·W·C]</c>, as <see cref="Dense"/> expects it. Costs nothing.</summary>
public sealed class Flatten : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public Flatten(string? name = null)
        : base(new FlattenOperation(), name)
    {
    }
}

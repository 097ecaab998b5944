using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>Two or more values side by side along the last dimension (channels); all other dimensions must agree.</summary>
public sealed class Concatenate : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public Concatenate(string? name = null)
        : base(new ConcatenateOperation(), name)
    {
    }
}

using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>The sum of two or more values of the same shape, as in residual networks.</summary>
public sealed class Add : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public Add(string? name = null)
        : base(new AddOperation(), name)
    {
    }
}

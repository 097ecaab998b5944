using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// <c>y = scale·x + offset</c> of every element, any shape. In inference it costs nothing beside a convolution that it can be merged into.
/// </summary>
public sealed class Rescaling : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="scale">The factor, finite.</param>
    /// <param name="offset">What is added, finite.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public Rescaling(float scale, float offset = 0, string? name = null)
        : base(new RescalingOperation(scale, offset), name)
    {
    }
}

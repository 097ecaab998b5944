using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// max(0, x) of every element, any shape. Its derivative is 1 where x &gt; 0, else 0. As the <c>activation</c> of a
/// convolution or dense layer it is faster.
/// </summary>
public sealed class ReLU : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public ReLU(string? name = null)
        : base(new FunctionOperation(Activation.ReLU), name)
    {
    }
}

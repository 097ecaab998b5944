using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// 1 / (1 + e⁻ˣ) of every element, any shape. As the <c>activation</c> of a convolution or dense layer it is faster.
/// </summary>
public sealed class Sigmoid : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public Sigmoid(string? name = null)
        : base(new FunctionOperation(Activation.Sigmoid), name)
    {
    }
}

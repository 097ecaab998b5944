using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// x · tanh(ln(1 + eˣ)) of every element, any shape (Misra, "Mish: a self regularized non-monotonic activation function", 2019).
/// As the <c>activation</c> of a convolution or dense layer it is faster.
/// </summary>
public sealed class Mish : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public Mish(string? name = null)
        : base(new FunctionOperation(Activation.Mish), name)
    {
    }
}

using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// ln(1 + eˣ) of every element, any shape (Dugas et al., "Incorporating second-order functional knowledge for better option pricing",
/// 2001); its derivative is the sigmoid. As the <c>activation</c> of a convolution or dense layer it is faster.
/// </summary>
public sealed class Softplus : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public Softplus(string? name = null)
        : base(new FunctionOperation(Activation.Softplus), name)
    {
    }
}

using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// x · sigmoid(x) of every element, any shape, also called swish (Elfwing, Uchibe, Doya, "Sigmoid-weighted linear units", 2018).
/// As the <c>activation</c> of a convolution or dense layer it is faster.
/// </summary>
public sealed class SiLU : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public SiLU(string? name = null)
        : base(new FunctionOperation(Activation.SiLU), name)
    {
    }
}

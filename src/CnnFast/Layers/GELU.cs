using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// x · Φ(x) of every element, any shape, Φ the normal distribution (Hendrycks, Gimpel, "Gaussian error linear units", 2016).
/// As the <c>activation</c> of a convolution or dense layer it is faster.
/// </summary>
public sealed class GELU : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="approximate">Whether Φ is computed by tanh, as older models have it, rather than by the error function.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public GELU(bool approximate = false, string? name = null)
        : base(new FunctionOperation(approximate ? Activation.GELUTanh : Activation.GELU), name)
    {
    }
}

using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// min(max(0, x), 6) of every element, any shape (Howard et al., "MobileNets", 2017). Its derivative is 1 where 0 &lt; x &lt; 6, else 0.
/// As the <c>activation</c> of a convolution or dense layer it is faster.
/// </summary>
public sealed class ReLU6 : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public ReLU6(string? name = null)
        : base(new FunctionOperation(Activation.ReLU6), name)
    {
    }
}

using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// x · min(max(x + 3, 0), 6) / 6 of every element, any shape (Howard et al., "Searching for MobileNetV3", 2019). Its derivative is 0 where
/// x ≤ −3 and 1 where x ≥ 3. As the <c>activation</c> of a convolution or dense layer it is faster.
/// </summary>
public sealed class HardSwish : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public HardSwish(string? name = null)
        : base(new FunctionOperation(Activation.HardSwish), name)
    {
    }
}

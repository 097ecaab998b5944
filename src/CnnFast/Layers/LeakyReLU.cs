using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Layers;

/// <summary>
/// x where x is above 0, else negativeSlope·x, of every element, any shape (Maas, Hannun, Ng, "Rectifier nonlinearities improve neural
/// network acoustic models", 2013). Its derivative at 0 is negativeSlope.
/// </summary>
public sealed class LeakyReLU : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="negativeSlope">The factor of negative elements: finite, at least 0; 0.3 when not given, as in Keras 3.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The slope is out of its range, or the name is not allowed.</exception>
    public LeakyReLU(float negativeSlope = 0.3f, string? name = null)
        : base(new FunctionOperation(ElementFunctions.LeakyReLU, negativeSlope), name)
    {
    }
}

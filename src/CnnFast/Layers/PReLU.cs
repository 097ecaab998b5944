using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// x where x is above 0, else slope·x, of any shape <c>[N, …, C]</c>, with one slope a channel, the last dimension, that training learns
/// (He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015). Its derivative at 0 is the slope. Parameter: <c>slope [C]</c>, which
/// optimizers train without weight decay.
/// </summary>
public sealed class PReLU : Layer
{
    private readonly Initializer _slope;

    /// <summary>Describes the layer.</summary>
    /// <param name="slopeInitializer">How the slopes start; 0.25 when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public PReLU(Initializer? slopeInitializer = null, string? name = null)
        : base(new PReLUOperation(), name) => _slope = slopeInitializer ?? Initializer.Constant(0.25f);

    internal override Initializer InitializerFor(ParameterRole role) => _slope;
}

using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Layers;

/// <summary>A layer with a filter and, unless it was asked not to, a bias.</summary>
public abstract class WeightedLayer : Layer
{
    private readonly Initializer _filter;
    private readonly Initializer _bias;

    internal WeightedLayer(Operation operation, Activation activation, Initializer? filterInitializer, Initializer? biasInitializer,
        string? name)
        : base(operation, name)
    {
        _filter = filterInitializer
            ?? (ElementFunctions.Of(activation) is { IsRectifier: true } ? Initializer.HeNormal : Initializer.GlorotUniform);
        _bias = biasInitializer ?? Initializer.Zeros;
    }

    internal override Initializer InitializerFor(ParameterRole role) => role == ParameterRole.Filter ? _filter : _bias;
}

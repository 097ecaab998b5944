using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>A layer with a filter and, unless it was asked not to, a bias.</summary>
public abstract class WeightedLayer : Layer
{
    private readonly Initializer _filter;
    private readonly Initializer _bias;

    internal WeightedLayer(Operation operation, Activation activation, Initializer? filterInitializer, Initializer? biasInitializer, string? name)
        : base(operation, name)
    {
        _filter = filterInitializer ?? (IsRectifier(activation) ? Initializer.HeNormal : Initializer.GlorotUniform);
        _bias = biasInitializer ?? Initializer.Zeros;
    }

    internal override Initializer InitializerFor(ParameterRole role) => role == ParameterRole.Filter ? _filter : _bias;

    // ReLU and its relatives pass about half of the variance on.
    private static bool IsRectifier(Activation activation) => activation is Activation.ReLU or Activation.ReLU6 or Activation.SiLU or Activation.HardSwish;
}

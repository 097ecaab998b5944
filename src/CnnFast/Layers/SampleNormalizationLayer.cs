using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>A normalisation of each sample on its own, with a gamma and a beta unless it was asked to leave them out.</summary>
public abstract class SampleNormalizationLayer : Layer
{
    private readonly Initializer _scale;
    private readonly Initializer _offset;

    internal SampleNormalizationLayer(Operation operation, Initializer? scaleInitializer, Initializer? offsetInitializer, string? name)
        : base(operation, name)
    {
        _scale = scaleInitializer ?? Initializer.Constant(1);
        _offset = offsetInitializer ?? Initializer.Zeros;
    }

    internal override Initializer InitializerFor(ParameterRole role) => role == ParameterRole.Scale ? _scale : _offset;
}

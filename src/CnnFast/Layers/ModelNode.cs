using CnnFast.Layers;

namespace CnnFast;

/// <summary>
/// A value in a model that is being described: an <see cref="Input"/>, or what a layer or a model computes from others. Made by
/// <see cref="Layer.Apply"/> and <see cref="Model.Apply(ModelNode)"/>; shapes are checked by
/// <see cref="Model.Build(Input, ModelNode, ulong, string?)"/>. Immutable.
/// </summary>
public class ModelNode
{
    internal ModelNode(Layer? layer, ModelNode[] inputs)
    {
        Layer = layer;
        Inputs = inputs;
        Scope = CompositeLayer.Scope;
    }

    internal ModelNode(NodeCall call, int output)
        : this((Layer?)null, call.Inputs)
    {
        Call = call;
        CallOutput = output;
    }

    internal Layer? Layer { get; }

    internal IReadOnlyList<ModelNode> Inputs { get; }

    /// <summary>The use of a model that computes it; null where a layer does.</summary>
    internal NodeCall? Call { get; }

    /// <summary>Which output of that model it is.</summary>
    internal int CallOutput { get; }

    /// <summary>What the names of the layer and its parameters begin with.</summary>
    internal string Scope { get; }

    /// <summary>The whole name of the layer where it was given one.</summary>
    internal string? FullName => Layer?.Name is { } name ? Scope + name : null;

    /// <summary>Applies layers one after the other.</summary>
    internal ModelNode Then(params ReadOnlySpan<Layer> layers)
    {
        ModelNode x = this;
        foreach (Layer layer in layers)
            x = layer.Apply(x);
        return x;
    }
}

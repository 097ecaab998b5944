using CnnFast.Graphs;

namespace CnnFast;

/// <summary>
/// A named tensor of weights that belongs to a model, such as <c>conv2d_1.filter</c>. Its shape never changes; its values change only through
/// <see cref="Assign"/> and through a trainer of its model. Sessions copy the values when they are created and do not see later changes.
/// Reading from several threads is safe while nobody writes.
/// </summary>
public sealed class Parameter
{
    private readonly AlignedBuffer<float> _values;

    internal Parameter(ParameterInfo info)
    {
        Info = info;
        _values = new AlignedBuffer<float>(info.Shape.ElementCount);
    }

    /// <summary>The name: that of the layer, a point and the role, such as <c>dense_1.bias</c>.</summary>
    public string Name => Info.Name;

    /// <summary>The shape: filters of convolutions <c>[KH, KW, C/G, OC]</c>, of dense layers <c>[IC, OC]</c>, biases and the numbers of channels <c>[OC]</c>.</summary>
    public Shape Shape => Info.Shape;

    /// <summary>Whether weight decay (L2) applies: to filters alone.</summary>
    public bool Decays => Info.Role == ParameterRole.Filter;

    /// <summary>
    /// Whether training changes the values; true unless it was set to false, before a Fit, to freeze them. Of moving statistics (<see cref="Layers.BatchNormalization"/>) it decides too what a layer normalises with in training:
    /// the batch's own statistics, or, where all of the layer's are frozen, the moving ones.
    /// </summary>
    public bool Trainable { get; set; } = true;

    /// <summary>The values in the order of the shape, the last dimension contiguous.</summary>
    public ReadOnlySpan<float> Values => _values.Span;

    internal ParameterInfo Info { get; }

    internal ReadOnlyMemory<float> Memory => _values.Memory;

    /// <summary>Rises with every change of the values.</summary>
    internal long Version { get; private set; }

    /// <summary>Replaces all values. Not to be called while the model trains, or while a session over it is created.</summary>
    /// <param name="values">As many values as the shape has elements.</param>
    /// <exception cref="ShapeException">There are more or fewer values.</exception>
    public void Assign(ReadOnlySpan<float> values)
    {
        if (values.Length != _values.Length)
            throw new ShapeException($"Parameter '{Name}': {values.Length} values were given; expected {_values.Length} for the shape {Shape}.");
        values.CopyTo(BeginWrite());
    }

    /// <summary>The name and shape, such as <c>conv2d_1.filter [3, 3, 1, 32]</c>.</summary>
    public override string ToString() => $"{Name} {Shape}";

    /// <summary>The values for writing; counts as one change.</summary>
    internal Span<float> BeginWrite()
    {
        Version++;
        return _values.Span;
    }
}

using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// The description of one layer: its kind, options and optional name. Immutable; it holds no weights, so that one description can be used
/// in several models, each with weights of its own. Applied several times in one model it is one layer, as in Keras: all uses share its
/// weights. Layers of your own derive from <see cref="CompositeLayer"/>.
/// </summary>
public abstract class Layer
{
    internal Layer(Operation operation, string? name)
    {
        if (name is not null)
            LayerName.Check(operation.Kind, name);
        operation.Validate(name is null ? operation.Kind : $"{operation.Kind} '{name}'");
        Operation = operation;
        Name = name;
    }

    /// <summary>Describes a layer that is made of others.</summary>
    private protected Layer(string? name)
    {
        if (name is not null)
            LayerName.Check(GetType().Name, name);
        Name = name;
    }

    /// <summary>The name that was given, or null: the model then names the layer after its kind, such as <c>conv2d_1</c>.</summary>
    public string? Name { get; }

    /// <summary>What it computes; null where it is made of other layers.</summary>
    internal Operation? Operation { get; }

    private string Kind => Operation?.Kind ?? GetType().Name;

    /// <summary>Connects the layer to what it reads, for models that are not a plain chain.</summary>
    /// <param name="input">What the layer reads.</param>
    /// <param name="more">Further inputs, for layers such as <see cref="Add"/> and <see cref="Concatenate"/>.</param>
    /// <returns>What the layer computes: the input of further layers, or the output of
    /// <see cref="Model.Build(Input, ModelNode, ulong, string?)"/>.</returns>
    public ModelNode Apply(ModelNode input, params ReadOnlySpan<ModelNode> more)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (ModelNode node in more)
            ArgumentNullException.ThrowIfNull(node, nameof(more));
        return Connect([input, .. more]);
    }

    /// <summary>The kind and the name, such as <c>Conv2D 'stem'</c>.</summary>
    public override string ToString() => Name is null ? Kind : $"{Kind} '{Name}'";

    /// <summary>The value that the layer computes from others.</summary>
    internal virtual ModelNode Connect(ModelNode[] inputs) => new(Composition.Take(this), inputs);

    /// <summary>Whether another description says the same; of composites, whether it is of the same class.</summary>
    internal bool IsLike(Layer other) => GetType() == other.GetType() && Attributes() == other.Attributes();

    /// <summary>How a parameter of this layer starts.</summary>
    internal virtual Initializer InitializerFor(ParameterRole role) => Initializer.Zeros;

    private string Attributes() => Operation is null ? "" : AttributeWriter.Text(Operation);
}

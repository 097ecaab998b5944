namespace CnnFast.Layers;

/// <summary>
/// A layer of your own that is made of other layers, such as a residual block. In a model, in its file and in what it is exported to stand
/// the layers that it is made of; where it has a name, theirs begin with it: <c>block1/conv2d_1</c>. Applied again, it is made of the
/// layers of the first time, so that all uses share their weights. Immutable, as all layers are.
/// </summary>
/// <example>
/// <code>
/// sealed class ResidualBlock(int filters, string? name = null) : CompositeLayer(name)
/// {
///     protected override ModelNode Compose(IReadOnlyList&lt;ModelNode&gt; inputs)
///     {
///         ModelNode x = inputs[0];
///         ModelNode y = new Conv2D(filters, 3, padding: Padding.Same, activation: Activation.ReLU).Apply(x);
///         y = new Conv2D(filters, 3, padding: Padding.Same).Apply(y);
///         return new ReLU().Apply(new Add().Apply(x, y));
///     }
/// }
/// </code>
/// </example>
public abstract class CompositeLayer : Layer
{
    // Where the layers that this thread is applying stand.
    [ThreadStatic]
    private static string? _scope;

    // The layers of the first time, which decide the weights of all uses: set once, whoever applies it on several threads.
    private readonly Lock _first = new();
    private volatile IReadOnlyList<Layer>? _layers;

    /// <summary>Describes the layer.</summary>
    /// <param name="name">What the names of its layers begin with; they stand alone when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
#pragma warning disable RS0022 // Users derive from it: that is what it is for.
    protected CompositeLayer(string? name = null)
#pragma warning restore RS0022
        : base(name)
    {
    }

    /// <summary>What the names of layers begin with that are applied now on this thread.</summary>
    internal static string Scope => _scope ?? "";

    /// <summary>Applies the layers that this one is made of. Called by every <see cref="Layer.Apply"/>.</summary>
    /// <param name="inputs">What the layer reads; at least one value.</param>
    /// <returns>What it computes.</returns>
    protected abstract ModelNode Compose(IReadOnlyList<ModelNode> inputs);

    internal sealed override ModelNode Connect(ModelNode[] inputs) => ((CompositeLayer)Composition.Take(this)).ComposeOf(inputs);

    private ModelNode ComposeOf(ModelNode[] inputs)
    {
        if (_layers is { } known)
            return ComposeOf(inputs, known);
        lock (_first)
            return ComposeOf(inputs, _layers);
    }

    private ModelNode ComposeOf(ModelNode[] inputs, IReadOnlyList<Layer>? known)
    {
        string? outer = _scope;
        if (Name is not null)
            _scope = $"{outer}{Name}/";
        try
        {
            using var composition = new Composition(this, known);
            ModelNode output = Compose(inputs)
                ?? throw new InvalidOperationException($"{this}: Compose returned null; expected what its last layer computes.");
            IReadOnlyList<Layer> layers = composition.Complete();
            _layers ??= layers;
            return output;
        }
        finally
        {
            _scope = outer;
        }
    }
}

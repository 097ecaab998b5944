using CnnFast.Layers;

namespace CnnFast;

/// <summary>The description of a model whose layers stand in one row. Immutable; <see cref="Build"/> can be called many times.</summary>
/// <example>
/// <code>
/// Model model = new Sequential(
///     new Conv2D(32, 3, activation: Activation.ReLU),
///     new MaxPool2D(2),
///     new Flatten(),
///     new Dense(10),
///     new Softmax()).Build(new Shape(28, 28, 1), seed: 1);
/// </code>
/// </example>
public sealed class Sequential
{
    private readonly Layer[] _layers;

    /// <summary>Describes a model.</summary>
    /// <param name="layers">The layers, the first reads the input of the model; at least one.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        if (layers.IsEmpty)
            throw new ArgumentException("Sequential: no layer was given; expected at least one.", nameof(layers));
        foreach (Layer layer in layers)
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
        _layers = layers.ToArray();
    }

    /// <summary>Builds the model: infers all shapes, creates the parameters and starts them.</summary>
    /// <param name="inputShape">The shape of one sample, without the batch: <c>[H, W, C]</c> for images.</param>
    /// <param name="seed">Decides the random start of the parameters: the same seed gives the same bits everywhere.</param>
    /// <param name="name">A name for the model.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ShapeException">A layer does not fit what it reads; the message names it and gives the shapes.</exception>
    /// <exception cref="ArgumentException">Two layers have the same name, or a layer such as Add needs more
    /// inputs than a row gives.</exception>
    public Model Build(Shape inputShape, ulong seed = 0, string? name = null)
    {
        var input = new Input(inputShape);
        return Model.Build(input, Apply(input), seed, name);
    }

    internal ModelNode Apply(ModelNode x) => x.Then(_layers);
}

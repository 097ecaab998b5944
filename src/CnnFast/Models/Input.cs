using CnnFast.Graphs;

namespace CnnFast;

/// <summary>The input of a model that is described with <see cref="Layers.Layer.Apply"/>.</summary>
/// <example>
/// <code>
/// var x = new Input(28, 28, 1);
/// var a = new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU).Apply(x);
/// var b = new Conv2D(16, 3, padding: Padding.Same).Apply(a);
/// var y = new Dense(10).Apply(new GlobalAveragePool2D().Apply(new Add().Apply(a, b)));
/// Model model = Model.Build(x, new Softmax().Apply(y), seed: 1);
/// </code>
/// </example>
public sealed class Input : ModelNode
{
    /// <summary>Describes an input.</summary>
    /// <param name="dimensions">The dimensions of one sample, without the batch: <c>(H, W, C)</c> for images.</param>
    /// <exception cref="ShapeException">There is no dimension, one is below 1, or there are too many elements.</exception>
    public Input(params ReadOnlySpan<int> dimensions)
        : this(new Shape(dimensions))
    {
    }

    /// <summary>Describes an input.</summary>
    /// <param name="shape">The shape of one sample, without the batch: <c>[H, W, C]</c> for images.</param>
    /// <param name="name">A name that is unique in the model; <c>input</c>, <c>input_2</c>, … when not given.</param>
    /// <exception cref="ShapeException">The shape has no dimension.</exception>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public Input(Shape shape, string? name = null)
        : base(null, [])
    {
        if (name is not null)
            LayerName.Check("Input", name);
        if (shape.Rank == 0)
            throw new ShapeException("Input: the shape of a sample has no dimension; expected at least one, such as (28, 28, 1).");
        Shape = shape;
        Name = name;
    }

    /// <summary>The name that was given, or null.</summary>
    public string? Name { get; }

    /// <summary>The shape of one sample.</summary>
    public Shape Shape { get; }
}

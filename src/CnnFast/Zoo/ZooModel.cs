using CnnFast.Layers;

namespace CnnFast;

/// <summary>A well-known architecture by name. Immutable.</summary>
public sealed record ZooModel
{
    private readonly Func<ModelNode, int, ModelNode> _layers;

    internal ZooModel(string name, string description, Shape inputShape, int classes, Func<ModelNode, int, ModelNode> layers)
    {
        Name = name;
        Description = description;
        InputShape = inputShape;
        Classes = classes;
        _layers = layers;
    }

    /// <summary>The name that commands use, such as <c>resnet50</c>.</summary>
    public string Name { get; }

    /// <summary>One line on the architecture and its source.</summary>
    public string Description { get; }

    /// <summary>The usual shape of one image, <c>[H, W, C]</c>.</summary>
    public Shape InputShape { get; }

    /// <summary>The usual number of classes.</summary>
    public int Classes { get; }

    /// <summary>Builds the model with random weights; load trained ones with <see cref="Parameter.Assign"/>.</summary>
    /// <param name="inputShape">The shape of one image; the usual one when not given.</param>
    /// <param name="classes">The number of classes, at least 1; the usual one when not given.</param>
    /// <param name="seed">Decides the random start of the parameters.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ShapeException">The images are too small for the layers.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 1.</exception>
    public Model Build(Shape? inputShape = null, int? classes = null, ulong seed = 0)
    {
        if (classes < 1)
            throw new ArgumentOutOfRangeException(nameof(classes),
                $"Model '{Name}': {classes} classes were asked for; expected at least 1.");
        var input = new Input(inputShape ?? InputShape);
        return Model.Build(input, _layers(input, classes ?? Classes), seed, Name);
    }
}

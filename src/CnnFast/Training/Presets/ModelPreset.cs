using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>A model together with the way to train it, by name. Immutable.</summary>
public sealed record ModelPreset
{
    private readonly Func<int, Sequential> _layers;
    private readonly Func<int, Sequential>? _heLayers;

    internal ModelPreset(string name, string description, Func<int, Sequential> layers, Optimizer optimizer, FitOptions options,
        Func<int, Sequential>? heLayers = null)
    {
        Name = name;
        Description = description;
        _layers = layers;
        _heLayers = heLayers;
        Optimizer = optimizer;
        Options = options;
    }

    /// <summary>The name that commands use, such as <c>digits</c>.</summary>
    public string Name { get; }

    /// <summary>One line on the architecture and the recipe.</summary>
    public string Description { get; }

    /// <summary>The optimizer of the recipe.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The loss of the recipe; null where it is what <see cref="Trainer"/> chooses for the model.</summary>
    public ILoss? Loss { get; internal init; }

    /// <summary>
    /// Epochs, batch size, schedule, normalisation and augmentation of the recipe; seed, threads and validation are the caller's.
    /// </summary>
    public FitOptions Options { get; }

    /// <summary>
    /// The same preset with the weights before a ReLU drawn after He and the biases 0; the preset itself where it starts so anyway.
    /// </summary>
    /// <returns>The preset.</returns>
    public ModelPreset WithHeInitialization() =>
        _heLayers is null ? this : new ModelPreset(Name, Description, _heLayers, Optimizer, Options) { Loss = Loss };

    /// <summary>Builds the model for a data set.</summary>
    /// <param name="data">Gives the shape of the images and the number of classes.</param>
    /// <param name="seed">Decides the random start of the parameters.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ShapeException">The images are too small for the layers.</exception>
    public Model Build(ImageDataset data, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Build(data.ImageShape, data.Classes, seed);
    }

    /// <summary>Builds the model.</summary>
    /// <param name="imageShape">The shape of one image, <c>[H, W, C]</c>.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="seed">Decides the random start of the parameters.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ShapeException">The images are too small for the layers.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 1.</exception>
    public Model Build(Shape imageShape, int classes, ulong seed = 0) => _layers(classes).Build(imageShape, seed, Name);
}

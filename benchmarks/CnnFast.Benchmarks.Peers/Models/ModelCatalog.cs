using CnnFast.Layers;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The models that are timed, one line each, with random weights from a fixed seed.</summary>
internal static class ModelCatalog
{
    private static readonly (string Name, Func<Model> Build)[] s_models =
    [
        ("one_relu", () => new Sequential(new ReLU()).Build(new Shape(16), 1)),
        ("lenet5", LeNet5),
        ("mnist_cnn", MnistCnn),
    ];

    /// <summary>The names, in the order of the table.</summary>
    public static IEnumerable<string> Names => s_models.Select(model => model.Name);

    /// <summary>Builds the model of a name.</summary>
    public static Model Build(string name) => s_models.First(model => model.Name == name).Build();

    private static Model LeNet5() => new Sequential(
        new Conv2D(6, 5, padding: Padding.Same, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Conv2D(16, 5, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Flatten(),
        new Dense(120, Activation.ReLU),
        new Dense(84, Activation.ReLU),
        new Dense(10),
        new Softmax()).Build(new Shape(28, 28, 1), 1);

    private static Model MnistCnn() => new Sequential(
        new Conv2D(32, 3, activation: Activation.ReLU),
        new Conv2D(64, 3, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Flatten(),
        new Dense(128, Activation.ReLU),
        new Dense(10),
        new Softmax()).Build(new Shape(28, 28, 1), 1);
}

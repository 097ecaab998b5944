using CnnFast.Layers;

namespace CnnFast;

/// <summary>The net of the backpropagation tutorial.</summary>
internal static class TutorialNet
{
    public const string Description =
        "conv 5×5 1→4→4, max 2×2, conv 3×3 4→8→16, max 2×2, dense 128; the tutorial's own start, SGD with momentum and L2";

    /// <summary>With the tutorial's own start.</summary>
    public static Sequential Layers(int classes) =>
        Build(classes, Initializer.ScaledNormal(0.5f), Initializer.Constant(0.15f), Initializer.ScaledNormal(0.1f),
            Initializer.Constant(1.15f));

    /// <summary>With the weights before a ReLU drawn after He and the biases 0.</summary>
    public static Sequential HeLayers(int classes) =>
        Build(classes, Initializer.HeNormal, Initializer.Zeros, Initializer.HeNormal, Initializer.Zeros);

    private static Sequential Build(int classes, Initializer filter, Initializer bias, Initializer denseFilter, Initializer denseBias)
    {
        Conv2D Convolution(int filters, int size) =>
            new(filters, size, padding: Padding.Same, activation: Activation.ReLU, filterInitializer: filter, biasInitializer: bias);
        return new Sequential(
            Convolution(4, 5),
            Convolution(4, 5),
            new MaxPool2D(2),
            Convolution(8, 3),
            Convolution(16, 3),
            new MaxPool2D(2),
            new Flatten(),
            new Dense(128, Activation.ReLU, filterInitializer: denseFilter, biasInitializer: denseBias),
            new Dense(classes, filterInitializer: denseFilter, biasInitializer: denseBias),
            new Softmax());
    }
}

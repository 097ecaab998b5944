using CnnFast.Layers;

namespace CnnFast;

/// <summary>Small nets for digits.</summary>
internal static class DigitNets
{
    public static ModelNode LeNet5(ModelNode x, int classes) => x.Then(
        new Conv2D(6, 5, padding: Padding.Same, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Conv2D(16, 5, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Flatten(),
        new Dense(120, Activation.ReLU),
        new Dense(84, Activation.ReLU),
        new Dense(classes),
        new Softmax());

    public static ModelNode MnistCnn(ModelNode x, int classes) => x.Then(
        new Conv2D(32, 3, activation: Activation.ReLU),
        new Conv2D(64, 3, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Flatten(),
        new Dense(128, Activation.ReLU),
        new Dense(classes),
        new Softmax());
}

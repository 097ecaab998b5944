using CnnFast.Layers;

namespace CnnFast;

/// <summary>
/// SqueezeNet 1.1 (Iandola et al. 2016): fire modules squeeze to few channels and expand by 1×1 and 3×3 convolutions side by side.
/// </summary>
internal static class SqueezeNets
{
    public static ModelNode V11(ModelNode x, int classes)
    {
        x = x.Then(new Conv2D(64, 3, stride: 2, activation: Activation.ReLU), new MaxPool2D(3, stride: 2));
        x = Fire(Fire(x, 16, 64), 16, 64).Then(new MaxPool2D(3, stride: 2));
        x = Fire(Fire(x, 32, 128), 32, 128).Then(new MaxPool2D(3, stride: 2));
        x = Fire(Fire(Fire(Fire(x, 48, 192), 48, 192), 64, 256), 64, 256);
        return x.Then(new Dropout(0.5f), new Conv2D(classes, 1, activation: Activation.ReLU), new GlobalAveragePool2D(), new Softmax());
    }

    private static ModelNode Fire(ModelNode x, int squeeze, int expand)
    {
        ModelNode s = x.Then(new Conv2D(squeeze, 1, activation: Activation.ReLU));
        return new Concatenate().Apply(
            s.Then(new Conv2D(expand, 1, activation: Activation.ReLU)),
            s.Then(new Conv2D(expand, 3, padding: Padding.Same, activation: Activation.ReLU)));
    }
}

using CnnFast.Layers;

namespace CnnFast;

/// <summary>VGG-16: 3×3 convolutions in five groups, each halved by a pooling (Simonyan and Zisserman 2014, configuration D).</summary>
internal static class Vgg
{
    private static readonly (int Layers, int Channels)[] Groups = [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)];

    public static ModelNode Features(ModelNode x)
    {
        foreach ((int layers, int channels) in Groups)
        {
            for (int i = 0; i < layers; i++)
                x = x.Then(new Conv2D(channels, 3, padding: Padding.Same, activation: Activation.ReLU));
            x = x.Then(new MaxPool2D(2));
        }

        return x;
    }

    public static ModelNode Classifier(ModelNode x, int classes) => x.Then(
        new Flatten(), new Dense(4096, Activation.ReLU), new Dropout(0.5f), new Dense(4096, Activation.ReLU), new Dropout(0.5f),
        new Dense(classes), new Softmax());
}

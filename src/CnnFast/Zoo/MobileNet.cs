using CnnFast.Layers;

namespace CnnFast;

/// <summary>MobileNetV2 (Sandler et al. 2018, table 2): inverted residual blocks with linear bottlenecks.</summary>
internal static class MobileNet
{
    private static readonly (int Expansion, int Channels, int Blocks, int Stride)[] Groups =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    // He's start for the 9 inputs of an output; the fans of a depthwise filter, as Keras counts them, would make it vanish.
    private static readonly Initializer Depthwise = Initializer.ScaledNormal(MathF.Sqrt(2f / 9));

    public static ModelNode V2(ModelNode x, int classes)
    {
        x = x.ConvolutionNorm(32, 3, 2, Padding.Explicit(1)).Then(new ReLU6());
        int before = 32;
        foreach ((int expansion, int channels, int blocks, int stride) in Groups)
        {
            for (int i = 0; i < blocks; i++)
            {
                ModelNode y = Block(x, before, expansion, channels, i == 0 ? stride : 1);
                x = i == 0 ? y : new Add().Apply(x, y);
                before = channels;
            }
        }

        return x.ConvolutionNorm(1280, 1)
            .Then(new ReLU6(), new GlobalAveragePool2D(), new Dropout(0.2f), new Dense(classes), new Softmax());
    }

    private static ModelNode Block(ModelNode x, int before, int expansion, int channels, int stride)
    {
        if (expansion > 1)
            x = x.ConvolutionNorm(before * expansion, 1).Then(new ReLU6());
        x = x.Then(new DepthwiseConv2D(3, stride: stride, padding: Padding.Explicit(1), useBias: false, filterInitializer: Depthwise),
            new BatchNormalization(epsilon: 1e-5f, momentum: 0.9f), new ReLU6());
        return x.ConvolutionNorm(channels, 1, linear: true);
    }
}

using CnnFast.Layers;

namespace CnnFast;

/// <summary>Residual nets (He et al. 2015, table 1): a stem, four groups of blocks, global pooling.</summary>
internal static class ResNet
{
    private const int Expansion = 4;

    /// <summary>Blocks of two 3×3 convolutions.</summary>
    public static ModelNode Basic(ModelNode x, ReadOnlySpan<int> blocks, int classes)
    {
        x = Stem(x);
        for (int group = 0; group < blocks.Length; group++)
        {
            int channels = 64 << group;
            for (int i = 0; i < blocks[group]; i++)
            {
                int stride = i == 0 && group > 0 ? 2 : 1;
                ModelNode shortcut = i == 0 && group > 0 ? x.ConvolutionNorm(channels, 1, stride, linear: true) : x;
                ModelNode y = x.ConvolutionNorm(channels, 3, stride, Padding.Explicit(1))
                    .Then(new ReLU())
                    .ConvolutionNorm(channels, 3, 1, Padding.Explicit(1), linear: true);
                x = new ReLU().Apply(new Add().Apply(y, shortcut));
            }
        }

        return Head(x, classes);
    }

    /// <summary>Blocks of 1×1, 3×3 and 1×1 convolutions, the last four times as wide.</summary>
    public static ModelNode Bottleneck(ModelNode x, ReadOnlySpan<int> blocks, int classes)
    {
        x = Stem(x);
        for (int group = 0; group < blocks.Length; group++)
        {
            int channels = 64 << group;
            for (int i = 0; i < blocks[group]; i++)
            {
                int stride = i == 0 && group > 0 ? 2 : 1;
                ModelNode shortcut = i == 0 ? x.ConvolutionNorm(Expansion * channels, 1, stride, linear: true) : x;
                ModelNode y = x.ConvolutionNorm(channels, 1)
                    .Then(new ReLU())
                    .ConvolutionNorm(channels, 3, stride, Padding.Explicit(1))
                    .Then(new ReLU())
                    .ConvolutionNorm(Expansion * channels, 1, linear: true);
                x = new ReLU().Apply(new Add().Apply(y, shortcut));
            }
        }

        return Head(x, classes);
    }

    private static ModelNode Stem(ModelNode x) =>
        x.ConvolutionNorm(64, 7, 2, Padding.Explicit(3)).Then(new ReLU(), new MaxPool2D(3, stride: 2, padding: Padding.Explicit(1)));

    private static ModelNode Head(ModelNode x, int classes) => x.Then(new GlobalAveragePool2D(), new Dense(classes), new Softmax());
}

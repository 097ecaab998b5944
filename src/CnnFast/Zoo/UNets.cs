using CnnFast.Layers;

namespace CnnFast;

/// <summary>
/// A small U-Net (Ronneberger et al. 2015) with same padding: three halvings, three doublings (two by transposed convolutions, the last by
/// interpolation), each level's features joined from the side.
/// </summary>
internal static class UNets
{
    private const int Base = 16;
    private const int Levels = 3;

    public static ModelNode Small(ModelNode x, int classes)
    {
        var skips = new ModelNode[Levels];
        for (int level = 0; level < Levels; level++)
        {
            skips[level] = x = Pair(x, Base << level);
            x = x.Then(new MaxPool2D(2));
        }

        x = Pair(x, Base << Levels);
        for (int level = Levels - 1; level >= 0; level--)
        {
            x = level == 0
                ? x.Then(new UpSampling2D(2, Interpolation.Bilinear), new Conv2D(Base, 1))
                : x.Then(new Conv2DTranspose(Base << level, 2, stride: 2));
            x = Pair(new Concatenate().Apply(skips[level], x), Base << level);
        }

        return x.Then(new Conv2D(classes, 1), new Softmax());
    }

    private static ModelNode Pair(ModelNode x, int channels) => x.Then(
        new Conv2D(channels, 3, padding: Padding.Same, activation: Activation.ReLU),
        new Conv2D(channels, 3, padding: Padding.Same, activation: Activation.ReLU));
}

using CnnFast.Layers;

namespace CnnFast.Training;

/// <summary>
/// The nets of the presets: 3×3 convolutions with batch normalisation and ReLU, channels doubled where the image is halved, and one dense
/// layer over what is left of the image. Counts of parameters include the moving statistics.
/// </summary>
internal static class PresetNets
{
    // Moving statistics of the last ten steps or so: a training of a few epochs ends with those of its last weights.
    private const float StatisticsMomentum = 0.9f;

    /// <summary>16, 32, half, 64, half, 96, the largest of each channel: 80,282 parameters for ten classes.</summary>
    public static Sequential Digits(int classes) => new(
    [
        .. Block(16),
        .. Block(32, isHalved: true),
        .. Block(64),
        new MaxPool2D(2),
        .. Block(96),
        new GlobalMaxPool2D(),
        new Dense(classes),
        new Softmax(),
    ]);

    /// <summary>48, 48, half, 96, 96, half, 192, the largest of each channel: 315,322 parameters for ten classes.</summary>
    public static Sequential Mnist(int classes) => new(
    [
        .. Block(48),
        .. Block(48, isHalved: true),
        .. Block(96),
        .. Block(96, isHalved: true),
        .. Block(192),
        new GlobalMaxPool2D(),
        new Dense(classes),
        new Softmax(),
    ]);

    /// <summary>
    /// 32, 64, half, 128, half, a residual block of two convolutions, 256, the largest of each channel: 687,786 parameters for ten classes.
    /// </summary>
    public static Sequential Fashion(int classes) => new(
    [
        .. Block(32),
        .. Block(64, isHalved: true),
        .. Block(128, isHalved: true),
        new Residual(128),
        .. Block(256),
        new GlobalMaxPool2D(),
        new Dense(classes),
        new Softmax(),
    ]);

    /// <summary>
    /// Convolution, normalisation, ReLU; where the image is halved, before the normalisation, which then has a quarter of the work.
    /// </summary>
    private static IEnumerable<Layer> Block(int filters, bool isHalved = false)
    {
        yield return new Conv2D(filters, 3, padding: Padding.Same, useBias: false, filterInitializer: Initializer.HeNormal);
        if (isHalved)
            yield return new MaxPool2D(2);
        yield return new BatchNormalization(momentum: StatisticsMomentum);
        yield return new ReLU();
    }

    /// <summary>x + two blocks of x (He et al. 2015, figure 2, with the ReLU before the sum).</summary>
    private sealed class Residual(int filters) : CompositeLayer
    {
        protected override ModelNode Compose(IReadOnlyList<ModelNode> inputs)
        {
            ModelNode y = inputs[0];
            foreach (Layer layer in (Layer[])[.. Block(filters), .. Block(filters)])
                y = layer.Apply(y);
            return new Add().Apply(inputs[0], y);
        }
    }
}

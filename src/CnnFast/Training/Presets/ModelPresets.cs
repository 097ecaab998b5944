using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>The models that come with a recipe.</summary>
public static class ModelPresets
{
    private static readonly Normalization MnistBytes = Normalization.FromMeanStd(0.1307, 0.3081);

    /// <summary>The default: a small CNN for digits of 28×28 pixels, for some thousand images.</summary>
    public static ModelPreset Digits { get; } = new(
        "digits",
        "conv 3×3 16, 32, max 2×2, conv 3×3 64, max 2×2, conv 3×3 96, global max, dense; batch normalisation; AdamW on one cycle with an " +
            "average of the weights; images moved, turned, scaled and sheared a little",
        PresetNets.Digits,
        new AdamW(learningRate: 4e-3f, weightDecay: 0.05f),
        new FitOptions
        {
            Epochs = 12,
            BatchSize = 32,
            Schedule = OneCycle(),
            WeightAverage = new WeightAverage(0.995f),
            Normalization = MnistBytes,
            Augmentation = new(new RandomAffine { MaxShift = 1.5f, MaxRotation = 10, MaxScale = 0.1f, MaxShear = 6 }),
        });

    /// <summary>
    /// A CNN for MNIST's 60,000 digits, 5 epochs; the schedule spreads over as many epochs as are asked for, and 20 are the slower recipe.
    /// </summary>
    public static ModelPreset Mnist { get; } = new(
        "mnist",
        "conv 3×3 48, 48, max 2×2, conv 3×3 96, 96, max 2×2, conv 3×3 192, global max, dense; batch normalisation; AdamW on one cycle " +
            "with an average of the weights; images moved, turned, scaled and sheared",
        PresetNets.Mnist,
        new AdamW(learningRate: 4e-3f, weightDecay: 0.05f),
        new FitOptions
        {
            Epochs = 5,
            BatchSize = 64,
            Schedule = OneCycle(),
            WeightAverage = new WeightAverage(0.997f),
            Normalization = MnistBytes,
            Augmentation = new(new RandomAffine { MaxShift = 2, MaxRotation = 14, MaxScale = 0.15f, MaxShear = 10 }),
        });

    /// <summary>A CNN for Fashion-MNIST and other small pictures that may be mirrored.</summary>
    public static ModelPreset Fashion { get; } = new(
        "fashion",
        "conv 3×3 32, 64, max 2×2, conv 3×3 128, max 2×2, a residual block of two conv 3×3 128, conv 3×3 256, global max, dense; batch " +
            "normalisation; AdamW on one cycle with an average of the weights, targets smoothed; images mirrored, moved and partly covered",
        PresetNets.Fashion,
        new AdamW(learningRate: 4e-3f, weightDecay: 0.05f),
        new FitOptions
        {
            Epochs = 20,
            BatchSize = 64,
            Schedule = OneCycle(),
            WeightAverage = new WeightAverage(0.998f),
            Normalization = Normalization.FromMeanStd(0.2860, 0.3530),
            Augmentation = new Augmentation(new HorizontalFlip(), new PadAndCrop(2), new Cutout { MaxArea = 0.25f }),
        })
    {
        Loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.1f },
    };

    /// <summary>
    /// The net of the backpropagation tutorial with its own start and recipe: momentum 0.9, L2 as λ/(2m) with λ = 2, one epoch. The start
    /// is so wide (a first loss near 90) that what one epoch reaches depends on the seed: over 50,000 MNIST digits, seeds 0 to 5 reach
    /// 91, 79, 90, 87, 90 and 91 % on the 10,000 test digits; the text's author reached 88 %.
    /// <see cref="ModelPreset.WithHeInitialization"/> removes that.
    /// </summary>
    public static ModelPreset Tutorial { get; } = new(
        "tutorial",
        TutorialNet.Description,
        TutorialNet.Layers,
        new Sgd(learningRate: 1e-3f, momentum: 0.9f, L2Penalty.PerBatch(2)),
        new FitOptions { Epochs = 1, BatchSize = 128 },
        TutorialNet.HeLayers);

    /// <summary>All presets, the default first.</summary>
    public static IReadOnlyList<ModelPreset> All { get; } = [Digits, Mnist, Fashion, PhotoPreset.Photos, Tutorial];

    /// <summary>The preset of a name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The preset, or null when there is none of that name.</returns>
    public static ModelPreset? Find(string name) =>
        All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    // A tenth of the learning rate, all of it after a quarter of the steps, a ten-thousandth at the end.
    private static OneCycleSchedule OneCycle() => new(rise: 0.25f, startDivisor: 10, endDivisor: 1000);
}

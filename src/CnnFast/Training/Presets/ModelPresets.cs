using CnnFast.Data;
using CnnFast.Layers;

namespace CnnFast.Training;

/// <summary>The models that come with a recipe.</summary>
public static class ModelPresets
{
    /// <summary>The default: a small CNN for digits of 28×28 pixels.</summary>
    public static ModelPreset Digits { get; } = new(
        "digits",
        "conv 3×3 16, max 2×2, conv 3×3 32, conv 3×3 64, max 2×2, dense 128, dropout; Adam with cosine decay; images moved, " +
            "turned and scaled a little",
        DigitsLayers,
        new Adam(learningRate: 2e-3f),
        new FitOptions
        {
            Epochs = 12,
            BatchSize = 32,
            Schedule = new CosineSchedule(warmUp: 0.05f),
            Normalization = Normalization.FromMeanStd(0.1307, 0.3081),
            Augmentation = new Augmentation(new RandomAffine { MaxShift = 1, MaxRotation = 10, MaxScale = 0.1f }),
        });

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
    public static IReadOnlyList<ModelPreset> All { get; } = [Digits, Tutorial, PhotoPreset.Photos];

    /// <summary>The preset of a name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The preset, or null when there is none of that name.</returns>
    public static ModelPreset? Find(string name) =>
        All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static Sequential DigitsLayers(int classes) => new(
        new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Conv2D(32, 3, padding: Padding.Same, activation: Activation.ReLU),
        new Conv2D(64, 3, padding: Padding.Same, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Flatten(),
        new Dropout(0.25f),
        new Dense(128, activation: Activation.ReLU),
        new Dropout(0.25f),
        new Dense(classes),
        new Softmax());
}

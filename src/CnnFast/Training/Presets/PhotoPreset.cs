using CnnFast.Data;
using CnnFast.Layers;

namespace CnnFast.Training;

/// <summary>The preset for pictures of things, grey or in colour, of any size from 16×16 on.</summary>
internal static class PhotoPreset
{
    public static ModelPreset Photos { get; } = new(
        "photos",
        "4 x conv 3×3 with batch normalisation and max 2×2 (32, 64, 128, 128), global average, dropout; AdamW with a warm-up and cosine " +
            "decay; images flipped, moved, scaled and recoloured",
        Layers,
        new AdamW(learningRate: 3e-3f, weightDecay: 0.02f),
        new FitOptions
        {
            Epochs = 40,
            BatchSize = 16,
            Schedule = new CosineSchedule(warmUp: 0.1f),
            Augmentation = Changes,
            WeightAverage = new WeightAverage(0.99f),
        });

    /// <summary>The random changes, which heads on backbones get too.</summary>
    public static Augmentation Changes => new(
        new HorizontalFlip(),
        new RandomAffine { MaxShift = 4, MaxRotation = 10, MaxScale = 0.15f, Fill = ImageFill.Edge },
        new ColorJitter { Brightness = 0.2f, Contrast = 0.2f });

    private static Sequential Layers(int classes) => new(
    [
        .. Block(32), .. Block(64), .. Block(128), .. Block(128), new GlobalAveragePool2D(), new Dropout(0.2f), new Dense(classes),
        new Softmax(),
    ]);

    private static Layer[] Block(int filters) =>
    [
        new Conv2D(filters, 3, padding: Padding.Same, useBias: false),
        new BatchNormalization(momentum: 0.9f),
        new ReLU(),
        new MaxPool2D(2),
    ];
}

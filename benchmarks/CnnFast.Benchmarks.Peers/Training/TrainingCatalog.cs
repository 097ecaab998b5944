using CnnFast.Training;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The models whose training is timed.</summary>
internal static class TrainingCatalog
{
    private const int Digits = 10;
    private static readonly Shape s_digit = new(28, 28, 1);
    private static readonly Shape s_small = new(32, 32, 3);

    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        new("tutorial", 32, false, () => ModelPresets.Tutorial.WithHeInitialization().Build(s_digit, Digits, 1)),
        new("lenet5", 32, false, () => ModelZoo.LeNet5.Build(seed: 1)),
        new("mnist_cnn", 32, false, () => ModelZoo.MnistCnn.Build(seed: 1)),
        new("digits", 32, true, () => ModelPresets.Digits.Build(s_digit, Digits, 1)),
        new("resnet18@32", 32, false, () => ModelZoo.ResNet18.Build(s_small, Digits, 1)),
        new("mobilenetv2@32", 32, false, () => ModelZoo.MobileNetV2.Build(s_small, Digits, 1)),
        new("unet@64", 8, false, () => ModelZoo.UNet.Build(new Shape(64, 64, 3), seed: 1)),
    ];
}

using CnnFast;
using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests;

/// <summary>The README's example, compiled: its body is the text of the README, which a test compares.</summary>
internal static class ReadmeExample
{
    public static void Run()
    {
        // Example begins.
        var digits = DigitDataset.LoadEmbedded();
        var layers = new Sequential(
            new Conv2D(16, 3, activation: Activation.ReLU), new MaxPool2D(2), new Flatten(), new Dense(10), new Softmax());
        Model model = layers.Build(new Shape(28, 28, 1), seed: 1);
        new Trainer(model, new Adam(2e-3f)).Fit(digits.Train, new FitOptions { Epochs = 5, Validation = digits.Test });
        model.Save("digits.safetensors");

        using var session = new InferenceSession(model);
        float[] image = new float[28 * 28], probabilities = new float[10];
        digits.Test.CopyImages([0], image, model.Normalization);
        session.Run(image, probabilities);
        Console.WriteLine($"a {digits.Test.GetLabel(0)}, read as {probabilities.IndexOf(probabilities.Max())}");
        // Example ends.
    }
}

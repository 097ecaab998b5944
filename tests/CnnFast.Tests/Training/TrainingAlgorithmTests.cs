using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>What the algorithm of convolutions changes in training (docs/numerics.md has the figures).</summary>
public sealed class TrainingAlgorithmTests(ITestOutputHelper output)
{
    private const int Batch = 32;

    private static readonly ImageDataset Digits = DigitDataset.LoadEmbedded().Train.Take(5 * Batch);

    [Fact]
    public void Training_under_Auto_stays_beside_the_direct_algorithm()
    {
        float[] gradient = FirstGradient(ConvAlgorithm.Direct);
        (double loss, float[] weights) = Train(ConvAlgorithm.Direct, moved: false);
        (double MovedLoss, float[] MovedWeights) moved = Train(ConvAlgorithm.Direct, moved: true);
        double inherent = Relative(moved.MovedWeights, weights);
        output.WriteLine($"weights moved by one unit: loss {Math.Abs(moved.MovedLoss - loss):E1}, weights {inherent:E1}");
        foreach (ConvAlgorithm algorithm in new[] { ConvAlgorithm.Winograd4, ConvAlgorithm.Auto, ConvAlgorithm.Winograd2 })
        {
            double first = Relative(FirstGradient(algorithm), gradient);
            (double otherLoss, float[] otherWeights) = Train(algorithm, moved: false);
            double difference = Relative(otherWeights, weights);
            output.WriteLine($"{algorithm}: first gradient {first:E1}, loss {Math.Abs(otherLoss - loss):E1}, weights {difference:E1}");
            if (algorithm == ConvAlgorithm.Winograd4)
            {
                // What Auto avoids; where this no longer holds, the net tests nothing.
                Assert.True(first > 1e-3, $"{algorithm}: first gradient {first:E1}");
                continue;
            }

            Assert.True(first is > 0 and < 1e-4, $"{algorithm}: first gradient {first:E1}");
            Assert.True(Math.Abs(otherLoss - loss) < 1e-5, $"{algorithm}: loss {otherLoss} beside {loss}");
            Assert.True(difference < 1e-5, $"{algorithm}: weights {difference:E1}");
        }
    }

    private static Model Net() => new Sequential(
        new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU),
        new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Conv2D(32, 3, padding: Padding.Same, activation: Activation.ReLU),
        new Conv2D(32, 3, padding: Padding.Same, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Flatten(),
        new Dense(10)).Build(Digits.ImageShape, seed: 3);

    private static float[] FirstGradient(ConvAlgorithm algorithm)
    {
        var step = new SoftmaxStep(Net().Graph, Batch, algorithm: algorithm);
        var images = new float[Batch * Digits.ImageShape.ElementCount];
        Digits.CopyImages([.. Enumerable.Range(0, Batch)], images);
        step.Run(images, Digits.Labels[..Batch], 0);
        return step.Gradients.All.ToArray();
    }

    private static (double Loss, float[] Weights) Train(ConvAlgorithm algorithm, bool moved)
    {
        Model model = Net();
        if (moved)
        {
            foreach (Parameter parameter in model.Parameters)
                parameter.Assign([.. parameter.Values.ToArray().Select(value => value == 0 ? 0 : MathF.BitIncrement(value))]);
        }

        FitResult result = new Trainer(model, new Sgd(0.01f)).Train(Digits,
            new FitOptions { Epochs = 4, BatchSize = Batch, Seed = 5, ConvAlgorithm = algorithm });
        return (result.Epochs[^1].TrainLoss, [.. model.Parameters.SelectMany(parameter => parameter.Values.ToArray())]);
    }

    // The root of the sum of the squares of the differences, beside that of the values.
    private static double Relative(float[] values, float[] beside) =>
        Math.Sqrt(values.Zip(beside).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2)) /
            beside.Sum(value => (double)value * value));
}

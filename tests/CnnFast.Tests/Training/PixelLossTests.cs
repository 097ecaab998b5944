using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Losses of every pixel: nets that learn to tell which of three kinds each pixel is.</summary>
public sealed class PixelLossTests
{
    private const int Size = 8;
    private const int Ignored = 255;

    public static TheoryData<string> Softmaxes => ["cross-entropy", "focal", "Dice"];

    public static TheoryData<string> Sigmoids => ["cross-entropy", "focal", "Dice"];

    [Theory]
    [MemberData(nameof(Softmaxes))]
    public void Classes_of_pixels_are_learned(string name)
    {
        ILoss loss = name switch
        {
            "focal" => new SoftmaxFocal { IgnoredLabel = Ignored },
            "Dice" => new SoftmaxDice { IgnoredLabel = Ignored },
            _ => new SoftmaxCrossEntropy { IgnoredLabel = Ignored },
        };
        Model model = Net(new Conv2D(3, 1), new Softmax());
        new Trainer(model, new Adam(0.02f), loss).Train(Data(96, 4), new FitOptions { Epochs = 12, BatchSize = 16 });
        EvaluationResult unseen = TinyData.Evaluate(model, Data(32, 5), new EvaluationOptions { Loss = loss });
        Assert.Equal(32 * Size * (Size - 1), unseen.Confusion!.Total);
        (float[] images, int[] labels) = Pictures(32, 5);
        float[] predicted = TinyPredict(model, images, 32);
        int right = labels.Where((label, pixel) => Largest(predicted, pixel) == label).Count();
        Assert.True(right > 0.95 * labels.Length, $"{right} of {labels.Length} pixels");
    }

    [Theory]
    [MemberData(nameof(Sigmoids))]
    public void Masks_are_learned(string name)
    {
        ILoss loss = name switch
        {
            "focal" => new SigmoidFocal(),
            "Dice" => new SigmoidDice(),
            _ => new BinaryCrossEntropy { PositiveWeights = [2] },
        };
        (float[] images, int[] labels) = Pictures(96, 4);
        int[] masks = [.. labels.Select(label => label == 2 ? 1 : 0)];
        Model model = Net(new Conv2D(1, 1), new Sigmoid());
        var data = new ArrayDataset(new Shape(Size, Size, 1), images, TargetInfo.Labels(new Shape(Size, Size), 2), masks);
        new Trainer(model, new Adam(0.02f), loss).Train(data, new FitOptions { Epochs = 12, BatchSize = 16 });
        float[] predicted = TinyPredict(model, images, 96);
        int right = masks.Where((mask, pixel) => predicted[pixel] > 0.5f == (mask == 1)).Count();
        Assert.True(right > 0.95 * masks.Length, $"{right} of {masks.Length} pixels");
    }

    [Fact]
    public void Soft_targets_of_pixels_are_what_labels_are()
    {
        (float[] images, int[] labels) = Pictures(8, 4);
        float[] soft = [.. labels.SelectMany(label => Enumerable.Range(0, 3).Select(c => c == label ? 1f : 0f))];
        Model first = Net(new Conv2D(3, 1)), second = Net(new Conv2D(3, 1));
        var shape = new Shape(Size, Size, 1);
        new Trainer(first, new Sgd(0.1f)).Train(
            new ArrayDataset(shape, images, TargetInfo.Labels(new Shape(Size, Size), 3), labels), new FitOptions { MaxThreads = 1 });
        new Trainer(second, new Sgd(0.1f), new SoftmaxCrossEntropy()).Train(
            new ArrayDataset(shape, images, new Shape(Size, Size, 3), soft), new FitOptions { MaxThreads = 1 });
        for (int p = 0; p < first.Parameters.Count; p++)
            Assert.Equal(first.Parameters[p].Values.ToArray(), second.Parameters[p].Values.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Weights_of_samples_decide_what_is_learned()
    {
        // Twice the same input with two answers: the mean with the weights.
        var data = new ArrayDataset(new Shape(1), [1, 1], new Shape(1), [0, 4]).WithSampleWeights([1, 3]);
        Model model = new Sequential(new Dense(1)).Build(new Shape(1), seed: 1);
        FitResult result = new Trainer(model, new Sgd(0.1f), new MeanSquaredError())
            .Train(data, new FitOptions { Epochs = 200, BatchSize = 2, MaxThreads = 1 });
        Assert.Equal(3, model.Predict([1])[0], 1e-3f);
        Assert.Equal(3, result.Epochs[^1].TrainLoss, 1e-3);
        Assert.Equal(3, TinyData.Evaluate(model, data, new EvaluationOptions { Loss = new MeanSquaredError() }).Loss, 1e-3);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused()
    {
        var data = new ArrayDataset(new Shape(1), [1, 1], new Shape(1), [0, 4]);
        Assert.Equal("WithSampleWeights: 1 weights were given for 2 samples; expected one a sample.",
            Assert.Throws<ShapeException>(() => data.WithSampleWeights([1])).Message);
        Assert.StartsWith("WithSampleWeights: the weight of sample 1 is -1; expected a finite number of at least 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => data.WithSampleWeights([1, -1])).Message, StringComparison.Ordinal);
        Assert.StartsWith("ArrayDataset: label 1 of sample 0 is 255; expected 0 to 2.", Assert.Throws<ArgumentOutOfRangeException>(() =>
            new ArrayDataset(new Shape(1), [1], TargetInfo.Labels(new Shape(2), 3), [0, 255])).Message, StringComparison.Ordinal);
        Assert.StartsWith("ArrayDataset: labels were given for targets that are values [2]; expected TargetInfo.Labels.",
            Assert.Throws<ArgumentException>(() =>
                new ArrayDataset(new Shape(1), [1], TargetInfo.Values(new Shape(2)), new int[2])).Message,
            StringComparison.Ordinal);
    }

    private static Model Net(params Layer[] end) => new Sequential(
        [new Conv2D(8, 3, padding: Padding.Same, activation: Activation.ReLU), .. end]).Build(new Shape(Size, Size, 1), seed: 2);

    // The first column is labelled as not to count.
    private static ArrayDataset Data(int count, ulong seed)
    {
        (float[] images, int[] labels) = Pictures(count, seed);
        for (int i = 0; i < labels.Length; i += Size)
            labels[i] = Ignored;
        return new ArrayDataset(new Shape(Size, Size, 1), images, TargetInfo.Labels(new Shape(Size, Size), 3), labels, Ignored);
    }

    // Dark, middle and bright pixels with noise.
    private static (float[] Images, int[] Labels) Pictures(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        float[] images = new float[count * Size * Size];
        int[] labels = new int[images.Length];
        for (int i = 0; i < images.Length; i++)
        {
            int kind = (int)(random.NextDouble() * 3);
            images[i] = kind - 1 + ((float)random.NextDouble() * 0.4f) - 0.2f;
            labels[i] = kind;
        }

        return (images, labels);
    }

    private static float[] TinyPredict(Model model, float[] images, int count)
    {
        int length = Size * Size;
        return [.. Enumerable.Range(0, count).SelectMany(i => model.Predict(images.AsSpan(i * length, length)))];
    }

    private static int Largest(float[] rows, int row)
    {
        ReadOnlySpan<float> values = rows.AsSpan(row * 3, 3);
        return values[0] >= values[1] && values[0] >= values[2] ? 0 : values[1] >= values[2] ? 1 : 2;
    }
}

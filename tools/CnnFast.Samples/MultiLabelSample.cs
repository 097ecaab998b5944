using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Samples;

/// <summary>Several labels a picture: which kinds of shapes are there, where one kind is rare.</summary>
internal static class MultiLabelSample
{
    private const int Height = 32;
    private const int Width = 48;

    private static readonly FigureKind[] Kinds = [FigureKind.Disc, FigureKind.Cross, FigureKind.Triangle, FigureKind.Moon];
    private static readonly double[] Shares = [0.5, 0.5, 0.5, 0.1];

    /// <summary>On the test pictures: the mean F1 of the labels, that of always saying yes, precision and recall of each label.</summary>
    internal sealed record Result(double F1, double GuessF1, double[] Precisions, double[] Recalls);

    public static Result Run(TextWriter output, ulong seed)
    {
        output.WriteLine($"Which of {string.Join(", ", Kinds)} are in a picture? Each is in every second one, the last in 10 of 100.");
        var random = new Random((int)seed);
        (ImageDataset train, float[] trainTargets) = Draw(1600, random);
        (ImageDataset validation, _) = Draw(300, random);
        (ImageDataset test, float[] testTargets) = Draw(500, random);

        // A maximum over all places: a label asks whether a shape is there, not where or how often.
        Model model = new Sequential(
            new Conv2D(16, 3, padding: Padding.Same, useBias: false), new BatchNormalization(momentum: 0.9f), new ReLU(),
            new MaxPool2D(2),
            new Conv2D(32, 3, padding: Padding.Same, useBias: false), new BatchNormalization(momentum: 0.9f), new ReLU(),
            new Conv2D(32, 3, padding: Padding.Same, useBias: false), new BatchNormalization(momentum: 0.9f), new ReLU(),
            new MaxPool2D(2),
            new Conv2D(64, 3, padding: Padding.Same, useBias: false), new BatchNormalization(momentum: 0.9f), new ReLU(),
            new GlobalMaxPool2D(),
            new Dense(Kinds.Length), new Sigmoid()).Build(train.ImageShape, seed);

        // No against yes: of a rare label more is found, and more false alarms are given.
        float[] positiveWeights = [.. Enumerable.Range(0, Kinds.Length).Select(k => Share(trainTargets, k))
            .Select(share => Math.Max(1, (1 - share) / share))];
        output.WriteLine($"positive weights: {string.Join(", ", positiveWeights.Select(weight => $"{weight:0.0}"))}");
        new Trainer(model, new Adam(1e-2f), new BinaryCrossEntropy { PositiveWeights = positiveWeights }).Fit(train, new FitOptions
        {
            Epochs = 12,
            BatchSize = 16,
            Seed = seed,
            Schedule = new OneCycleSchedule(),
            Normalization = train.ComputeNormalization(),
            Augmentation = new Augmentation(new HorizontalFlip(), new VerticalFlip()),
            Validation = validation,
            Metrics = [new MultiLabelF1()],
            Monitor = new MonitoredFigure("validation/multi_label_f1", LargerIsBetter: true),
            RestoreBest = true,
            Callbacks = [new EpochLines(output)],
        });

        Result result = Measure(model, test, testTargets);
        for (int k = 0; k < Kinds.Length; k++)
            output.WriteLine($"test: {Kinds[k],-8} in {Share(testTargets, k) * test.Count,3:0} of {test.Count} pictures, " +
                $"precision {result.Precisions[k]:0.00}, recall {result.Recalls[k]:0.00}");
        output.WriteLine($"test: mean F1 {result.F1:0.000}; always saying yes gives {result.GuessF1:0.000}");
        return result;
    }

    private static (ImageDataset Pictures, float[] Targets) Draw(int count, Random random)
    {
        var pixels = new byte[count * Height * Width * 3];
        var targets = new float[count * Kinds.Length];
        for (int i = 0; i < count; i++)
        {
            var canvas = new Canvas(Height, Width, random);
            int[] cells = canvas.Cells();
            for (int k = 0; k < Kinds.Length; k++)
            {
                if (random.NextDouble() >= Shares[k])
                    continue;
                canvas.Draw(Kinds[k], cells[k]);
                targets[(i * Kinds.Length) + k] = 1;
            }

            canvas.Pixels.CopyTo(pixels, i * canvas.Pixels.Length);
        }

        return (new ImageDataset(new Shape(Height, Width, 3), pixels, new Shape(Kinds.Length), targets), targets);
    }

    // A label says yes above 0.5; each is a question with two answers, and has a confusion matrix of its own.
    private static Result Measure(Model model, ImageDataset test, float[] targets)
    {
        using var session = new InferenceSession(model, new SessionOptions { ByteInput = ByteInput.From(model.Normalization) });
        ConfusionMatrixBuilder[] answers = [.. Kinds.Select(_ => new ConfusionMatrixBuilder(2))];
        var scores = new float[Kinds.Length];
        for (int i = 0; i < test.Count; i++)
        {
            session.RunBytes(test.GetImageBytes(i), scores);
            for (int k = 0; k < Kinds.Length; k++)
                answers[k].Add(label: (int)targets[(i * Kinds.Length) + k], prediction: scores[k] > 0.5f ? 1 : 0);
        }

        ConfusionMatrix[] labels = [.. answers.Select(answer => answer.ToMatrix())];
        double guess = Enumerable.Range(0, Kinds.Length).Select(k => Share(targets, k)).Average(share => 2 * share / (1 + share));
        return new Result(labels.Average(label => label.F1(1)), guess, [.. labels.Select(label => label.Precision(1))],
            [.. labels.Select(label => label.Recall(1))]);
    }

    private static float Share(float[] targets, int label) => targets.Where((_, i) => i % Kinds.Length == label).Average();
}

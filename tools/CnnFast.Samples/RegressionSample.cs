using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Samples;

/// <summary>Two numbers from a picture: how long a leaf is, and how far it is tilted.</summary>
internal static class RegressionSample
{
    private const int Height = 32;
    private const int Width = 40;

    /// <summary>Errors are means over the test pictures: in scaled units with that of always saying the mean, then in pixels and
    /// degrees.</summary>
    internal sealed record Result(double Error, double GuessError, double Pixels, double Degrees);

    public static Result Run(TextWriter output, ulong seed)
    {
        output.WriteLine("The length (12 to 28 pixels) and the tilt (−60° to 60°) of a leaf in a picture, on a scale from −1 to 1.");
        var random = new Random((int)seed);
        (ImageDataset train, float[] trainTargets) = Draw(2400, random);
        (ImageDataset validation, _) = Draw(200, random);
        (ImageDataset test, float[] testTargets) = Draw(200, random);

        // No activation at the end: outputs are any numbers. A Flatten, because the place of an edge tells the length.
        Model model = new Sequential(
            new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPool2D(2),
            new Conv2D(32, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPool2D(2),
            new Conv2D(32, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPool2D(2),
            new Flatten(), new Dense(64, Activation.ReLU), new Dense(2)).Build(train.ImageShape, seed);
        var loss = new Huber { Delta = 0.5f };
        new Trainer(model, new Adam(2e-3f), loss).Fit(train, new FitOptions
        {
            Epochs = 12,
            BatchSize = 32,
            Seed = seed,
            Schedule = new CosineSchedule(warmUp: 0.1f),
            Normalization = train.ComputeNormalization(),
            Validation = validation,
            Metrics = [new MeanAbsoluteErrorMetric()],
            RestoreBest = true,
            Callbacks = [new EpochLines(output)],
        });

        EvaluationResult measured = Evaluator.Evaluate(model, test,
            new EvaluationOptions { Loss = loss, Metrics = [new MeanAbsoluteErrorMetric()] });
        (double pixels, double degrees) = InUnits(model, test, testTargets);
        var result = new Result(measured.Metrics["mean_absolute_error"], ErrorOfMean(trainTargets, testTargets), pixels, degrees);
        output.WriteLine($"test: mean absolute error {result.Error:0.000}; always saying the mean gives {result.GuessError:0.000}");
        output.WriteLine($"test: off by {pixels:0.0} pixels and {degrees:0.0} degrees on average");
        return result;
    }

    private static (ImageDataset Pictures, float[] Targets) Draw(int count, Random random)
    {
        var pixels = new byte[count * Height * Width * 3];
        var targets = new float[count * 2];
        for (int i = 0; i < count; i++)
        {
            double length = 12 + (16 * random.NextDouble()), degrees = -60 + (120 * random.NextDouble());
            double x = (Width / 2.0) + random.Next(-4, 5), y = (Height / 2.0) + random.Next(-2, 3);
            var canvas = new Canvas(Height, Width, random);
            canvas.Draw(new Figure(FigureKind.Leaf, x, y, length / 2, degrees * Math.PI / 180));
            canvas.Pixels.CopyTo(pixels, i * canvas.Pixels.Length);
            targets[i * 2] = (float)((length - 20) / 8);
            targets[(i * 2) + 1] = (float)(degrees / 60);
        }

        return (new ImageDataset(new Shape(Height, Width, 3), pixels, new Shape(2), targets), targets);
    }

    // What a program does that uses the model: bytes in, numbers out, and back to the units.
    private static (double Pixels, double Degrees) InUnits(Model model, ImageDataset test, float[] targets)
    {
        using var session = new InferenceSession(model, new SessionOptions { ByteInput = ByteInput.From(model.Normalization) });
        var numbers = new float[2];
        double pixels = 0, degrees = 0;
        for (int i = 0; i < test.Count; i++)
        {
            session.RunBytes(test.GetImageBytes(i), numbers);
            pixels += 8 * Math.Abs(numbers[0] - targets[i * 2]);
            degrees += 60 * Math.Abs(numbers[1] - targets[(i * 2) + 1]);
        }

        return (pixels / test.Count, degrees / test.Count);
    }

    private static double ErrorOfMean(float[] train, float[] test)
    {
        double[] means = [.. Enumerable.Range(0, 2).Select(k => train.Where((_, i) => i % 2 == k).Average())];
        return test.Select((target, i) => Math.Abs(target - means[i % 2])).Average();
    }
}

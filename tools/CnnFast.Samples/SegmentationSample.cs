using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Samples;

/// <summary>A class for every pixel: discs and crosses on a ground.</summary>
internal static class SegmentationSample
{
    private const int Height = 32;
    private const int Width = 48;
    private const int Classes = 3;
    private const int Ignored = 255;

    /// <summary>Intersection over union on the test pictures: the mean, and that of saying ground everywhere.</summary>
    internal sealed record Result(double MeanIoU, double GuessIoU);

    public static Result Run(TextWriter output, ulong seed)
    {
        output.WriteLine("Ground, disc or cross, for every pixel; pixels at an outline count for neither side.");
        var random = new Random((int)seed);
        ImageDataset train = Draw(280, random), validation = Draw(40, random), test = Draw(80, random);

        Model model = ModelZoo.UNet.Build(train.ImageShape, Classes, seed);
        var trainer = new Trainer(model, new Adam(4e-3f), Losses(model));
        trainer.Fit(train, new FitOptions
        {
            Epochs = 8,
            BatchSize = 4,
            Seed = seed,
            Schedule = new CosineSchedule(warmUp: 0.1f),
            Normalization = train.ComputeNormalization(),

            // Masks move with their pictures; what comes in from outside is no class.
            Augmentation = new Augmentation(new HorizontalFlip(), new VerticalFlip(),
                new RandomAffine { MaxShift = 3, MaxRotation = 20, MaxScale = 0.1f, Fill = ImageFill.Edge })
            {
                OutsideLabel = Ignored,
            },
            Validation = validation,
            Metrics = [new MeanIoU()],
            RestoreBest = true,
            Callbacks = [new EpochLines(output)],
        });

        EvaluationResult measured = Evaluator.Evaluate(model, test, new EvaluationOptions { Losses = Losses(model) });
        ConfusionMatrix pixels = measured.Confusion!;
        var result = new Result(pixels.MeanIoU, pixels.Count(0) / (double)pixels.Total / Classes);
        output.WriteLine($"test: mean IoU {result.MeanIoU:0.000}; saying ground everywhere gives {result.GuessIoU:0.000}");
        output.WriteLine($"test: IoU of ground {pixels.IoU(0):0.000}, of discs {pixels.IoU(1):0.000}, of crosses {pixels.IoU(2):0.000}");
        Show(output, model, test);
        return result;
    }

    // Cross-entropy holds every pixel to its class, Dice the whole of each class, however few pixels it has.
    private static LossTerm[] Losses(Model model) =>
    [
        new LossTerm(new SoftmaxCrossEntropy { IgnoredLabel = Ignored }),
        new LossTerm(new SoftmaxDice { IgnoredLabel = Ignored }) { Output = model.Outputs[0].Name, Target = 0, Weight = 0.5f },
    ];

    private static ImageDataset Draw(int count, Random random)
    {
        var pixels = new byte[count * Height * Width * 3];
        var masks = new int[count * Height * Width];
        for (int i = 0; i < count; i++)
        {
            var canvas = new Canvas(Height, Width, random);
            foreach (int cell in canvas.Cells().Take(random.Next(1, 5)))
            {
                bool isDisc = random.Next(2) == 0;
                canvas.Draw(isDisc ? FigureKind.Disc : FigureKind.Cross, cell, label: isDisc ? 1 : 2);
            }

            canvas.Pixels.CopyTo(pixels, i * canvas.Pixels.Length);
            WithoutOutlines(canvas.Labels).CopyTo(masks, i * canvas.Labels.Length);
        }

        return new ImageDataset(new Shape(Height, Width, 3), pixels, TargetInfo.Labels(new Shape(Height, Width), Classes), masks, Ignored);
    }

    // A pixel of the ground that touches a shape: people who draw masks do not agree about it.
    private static int[] WithoutOutlines(int[] labels)
    {
        int[] mask = [.. labels];
        for (int i = 0; i < labels.Length; i++)
        {
            int x = i % Width, y = i / Width;
            if (labels[i] == 0 && ((x > 0 && labels[i - 1] > 0) || (x < Width - 1 && labels[i + 1] > 0)
                || (y > 0 && labels[i - Width] > 0) || (y < Height - 1 && labels[i + Width] > 0)))
                mask[i] = Ignored;
        }

        return mask;
    }

    // The mask of a test picture beside what the model says: the largest of the outputs of each pixel.
    private static void Show(TextWriter output, Model model, ImageDataset test)
    {
        using var session = new InferenceSession(model, new SessionOptions { ByteInput = ByteInput.From(model.Normalization) });
        var scores = new float[Height * Width * Classes];
        session.RunBytes(test.GetImageBytes(0), scores);
        int[] said = [.. scores.Chunk(Classes).Select(pixel => pixel.IndexOf(pixel.Max()))];
        output.WriteLine("a test picture, its mask (o disc, x cross, - ignored) and what the model says:");
        for (int y = 0; y < Height; y++)
            output.WriteLine($"|{Row(test.Labels, y)}|{Row(said, y)}|");

        static string Row(ReadOnlySpan<int> labels, int y) => string.Concat(labels.Slice(y * Width, Width).ToArray()
            .Select(label => label == Ignored ? '-' : " ox"[label]));
    }
}

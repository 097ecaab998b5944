using System.Diagnostics;
using System.Globalization;
using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Benchmarks;

/// <summary>Times the random changes of training images on one thread, beside reading the images as they are.</summary>
public static class AugmentBenchmark
{
    private const int Batch = 32;

    /// <summary>Prints microseconds an image of several recipes, and the share of a training step of the preset digits.</summary>
    /// <param name="seconds">Seconds to spend on each row.</param>
    public static void Run(double seconds)
    {
        Console.WriteLine($"{CpuInfo.Description}, {CpuInfo.Isa}, 1 thread, batches of {Batch}");
        ImageDataset digits = DigitDataset.LoadEmbedded().Train;
        Augmentation recipe = ModelPresets.Digits.Options.Augmentation!;
        double plain = Print("28×28×1 as they are", digits.Normalized(default), seconds);
        double changed = Print("28×28×1, recipe of digits", digits.Augmented(recipe), seconds);
        Print("28×28×1, recipe and Mixup", digits.Augmented(new Augmentation([.. recipe.Transforms, new Mixup()])), seconds);
        double step = StepMicroseconds(digits.Take(64 * Batch));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"a step of digits takes {step:F1} us an image, the changes {changed - plain:F2} us: {100 * (changed - plain) / step:F2} %"));

        ImageDataset small = Noise(32, 3, 256);
        Print("32×32×3 as they are", small.Normalized(default), seconds);
        Print("32×32×3, crop and flip", small.Augmented(new Augmentation(new PadAndCrop(), new HorizontalFlip())), seconds);
        Print("32×32×3, crop, flip, CutMix",
            small.Augmented(new Augmentation(new PadAndCrop(), new HorizontalFlip(), new CutMix())), seconds);
        ImageDataset large = Noise(224, 3, 64);
        var color = new ColorJitter { Brightness = 0.4f, Contrast = 0.4f, Saturation = 0.4f, Hue = 0.1f };
        Print("224×224×3 as they are", large.Normalized(default), seconds);
        Print("224×224×3, resized crop, flip", large.Augmented(new Augmentation(new RandomResizedCrop(), new HorizontalFlip())), seconds);
        Print("224×224×3, colours", large.Augmented(new Augmentation(color)), seconds);
        Print("224×224×3, all", large.Augmented(new Augmentation(new RandomResizedCrop(), new HorizontalFlip(),
            new RandomAffine { MaxRotation = 15 }, color, new Grayscale(), new Cutout())), seconds);
    }

    private static double Print(string name, IDataset data, double seconds)
    {
        using var loader = new BatchLoader(data, Batch, prefetch: false);
        var times = new List<double>();
        long start = Stopwatch.GetTimestamp();
        for (int epoch = 0; times.Count < 20 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; epoch++)
        {
            loader.StartEpoch(epoch);
            for (int i = 0; i < 50; i++)
            {
                long before = Stopwatch.GetTimestamp();
                if (!loader.MoveNext() || loader.Current.Count < Batch)
                    break;
                times.Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds / Batch);
            }
        }

        times.Sort();
        double median = times[times.Count / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32} {median,9:F2} us an image, best {times[0]:F2}"));
        return median;
    }

    // The best of three trainings without changes.
    private static double StepMicroseconds(ImageDataset images)
    {
        double best = double.PositiveInfinity;
        FitOptions options = ModelPresets.Digits.Options with { Epochs = 1, Augmentation = null, MaxThreads = 1 };
        for (int i = 0; i < 3; i++)
        {
            Model model = ModelPresets.Digits.Build(images);
            best = Math.Min(best, 1e6 / new Trainer(model, ModelPresets.Digits.Optimizer).Fit(images, options).SamplesPerSecond);
        }

        return best;
    }

    private static ImageDataset Noise(int size, int channels, int count)
    {
        var pixels = new byte[count * size * size * channels];
        new Random(1).NextBytes(pixels);
        return new ImageDataset(new Shape(size, size, channels), 10, pixels, [.. Enumerable.Range(0, count).Select(i => i % 10)]);
    }
}

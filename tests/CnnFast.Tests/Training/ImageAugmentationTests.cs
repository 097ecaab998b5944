using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>
/// Random changes of training images: bounded, different in every epoch, the same for a seed, each as its definition says.
/// </summary>
public sealed class ImageAugmentationTests
{
    // 5×4 pixels of 2 channels; the bright pixel is the one at row 2, column 1.
    private static readonly ImageDataset Data = CreateData();

    // 3×4 pixels of 1 channel, 1 to 12.
    private static readonly ImageDataset Counted =
        new(new Shape(3, 4, 1), 1, [.. Enumerable.Range(1, 12).Select(value => (byte)value)], [0]);

    [Fact]
    public void Nothing_asked_for_changes_nothing()
    {
        float[] bytes = [.. Data.GetImageBytes(0).ToArray().Select(value => (float)value)];
        Assert.Equal(bytes, Epochs(new RandomAffine(), 1)[0]);
        Assert.Equal(bytes, Epochs([], 1)[0]);
        Assert.Equal(bytes, Epochs([new ColorJitter(), new PadAndCrop(0), new HorizontalFlip(0), new RandomApply(0, new Cutout())], 1)[0]);
    }

    [Fact]
    public void Shifts_stay_within_their_limit_keep_the_light_and_differ_by_epoch()
    {
        List<float[]> images = Epochs(new RandomAffine { MaxShift = 1 }, 200);
        Assert.Equal(200, images.Select(image => string.Join(' ', image)).Distinct().Count());
        var rows = images.Select(image => Centroid(image).Row).ToList();
        var columns = images.Select(image => Centroid(image).Column).ToList();
        Assert.True(rows.Min() is >= 1 and < 1.1 && rows.Max() is > 2.9 and <= 3, $"rows {rows.Min()} to {rows.Max()}");
        Assert.True(columns.Min() is >= 0 and < 0.1 && columns.Max() is > 1.9 and <= 2, $"columns {columns.Min()} to {columns.Max()}");
        Assert.All(images, image => Assert.Equal(200, image.Where((_, i) => i % 2 == 0).Sum(), 0.01));
    }

    [Fact]
    public void Turning_scaling_and_leaning_keep_the_centre()
    {
        var pixels = new byte[25];
        pixels[12] = 100;
        var data = new ImageDataset(new Shape(5, 5, 1), 1, pixels, [0]);
        foreach (float[] image in Epochs(new RandomAffine { MaxRotation = 180, MaxScale = 0.2f, MaxShear = 30 }, 20, data))
            Assert.Equal(100, image[12], 1e-3);
    }

    [Fact]
    public void Half_a_turn_turns_an_image_over()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var data = new ImageDataset(new Shape(3, 3, 1), 1, pixels, [0]);
        float[] closest = Epochs(new RandomAffine { MaxRotation = 180 }, 2000, data)
            .MinBy(image => Math.Abs(image[0] - 9) + Math.Abs(image[8] - 1))!;
        for (int i = 0; i < 9; i++)
            Assert.Equal(9 - i, closest[i], 0.3);
    }

    [Fact]
    public void Leaning_moves_rows_against_each_other()
    {
        // A column of light stays a line: its place changes by the same amount from row to row.
        var pixels = new byte[7 * 21];
        for (int i = 0; i < 7; i++)
            pixels[(i * 21) + 10] = 200;
        var data = new ImageDataset(new Shape(7, 21, 1), 1, pixels, [0]);
        List<float[]> images = Epochs(new RandomAffine { MaxShear = 45 }, 50, data);
        var leans = new List<double>();
        foreach (float[] image in images)
        {
            double[] places = [.. Enumerable.Range(0, 7).Select(i => Enumerable.Range(0, 21).Sum(j => image[(i * 21) + j] * j) /
                image.Skip(i * 21).Take(21).Sum())];
            leans.Add(places[1] - places[0]);
            for (int i = 1; i < 7; i++)
                Assert.Equal(leans[^1], places[i] - places[i - 1], 0.35);
            Assert.Equal(10, places[3], 1e-3);
        }

        Assert.True(leans.Max() is > 0.7 and < 1.2 && leans.Min() is < -0.7 and > -1.2, $"{leans.Min()} to {leans.Max()}");
    }

    [Fact]
    public void Flips_mirror_and_undo_each_other()
    {
        Assert.Equal([4f, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9], Epochs(new HorizontalFlip(1), 1, Counted)[0]);
        Assert.Equal([9f, 10, 11, 12, 5, 6, 7, 8, 1, 2, 3, 4], Epochs(new VerticalFlip(1), 1, Counted)[0]);
        float[] bytes = [.. Enumerable.Range(1, 12).Select(value => (float)value)];
        IImageTransform across = new HorizontalFlip(1), down = new VerticalFlip(1);
        Assert.Equal(bytes, Epochs([across, down, across, down], 1, Counted)[0]);
        int flipped = Epochs(new HorizontalFlip(), 400, Counted).Count(image => image[0] == 4);
        Assert.InRange(flipped, 160, 240);
    }

    [Fact]
    public void A_move_and_a_flip_in_one_go_are_those_one_after_the_other()
    {
        // The move of whole pixels is drawn first in both; between them, reading the pixels makes the moves happen one by one.
        IImageTransform[] together = [new PadAndCrop(2), new HorizontalFlip(1)];
        IImageTransform[] apart = [new PadAndCrop(2), new Look(), new HorizontalFlip(1)];
        Assert.Equal(Epochs(apart, 30, Counted), Epochs(together, 30, Counted));
        IImageTransform[] fills = [new PadAndCrop(2), new PadAndCrop(1) { Fill = ImageFill.Constant(50) }];
        Assert.Contains(Epochs(fills, 60, Counted), image => image.Contains(50) && image.Contains(0));
    }

    [Fact]
    public void Crops_of_a_padded_image_fill_as_asked()
    {
        HashSet<string> places = [.. Epochs(new PadAndCrop(1), 200, Counted).Select(image => string.Join(' ', image))];
        Assert.Equal(9, places.Count);
        Assert.Contains("0 0 0 0 1 2 3 4 5 6 7 8", places);
        places = [.. Epochs(new PadAndCrop(1) { Fill = ImageFill.Edge }, 200, Counted).Select(image => string.Join(' ', image))];
        Assert.Contains("1 2 3 4 1 2 3 4 5 6 7 8", places);
        places = [.. Epochs(new PadAndCrop(1) { Fill = ImageFill.Reflect }, 200, Counted).Select(image => string.Join(' ', image))];
        Assert.Contains("5 6 7 8 1 2 3 4 5 6 7 8", places);
        places = [.. Epochs(new PadAndCrop(1) { Fill = ImageFill.Constant(99) }, 200, Counted).Select(image => string.Join(' ', image))];
        Assert.Contains("99 1 2 3 99 5 6 7 99 9 10 11", places);
    }

    [Fact]
    public void A_resized_crop_is_a_part_of_the_image()
    {
        // Values rise by 4 a row and 1 a column, so that interpolation is exact but at the edges.
        foreach (float[] image in Epochs(new RandomResizedCrop { MinArea = 0.25f, MaxArea = 0.25f, MaxAspect = 1 }, 50, Counted))
        {
            Assert.All(image, value => Assert.InRange(value, 1, 12));
            Assert.Equal(0.5, image[6] - image[5], 0.01);
            Assert.InRange(image[11] - image[0], 0.5f * 11 * 0.5f, 0.5f * 11 * 1.01f);
        }

        Assert.Equal([.. Enumerable.Range(1, 12).Select(value => (float)value)],
            Epochs(new RandomResizedCrop { MinArea = 1, MaxAspect = 1 }, 1, Counted)[0].Select(value => MathF.Round(value, 3)));
    }

    [Fact]
    public void Cutout_covers_one_rectangle_inside_the_image()
    {
        var data = new ImageDataset(new Shape(9, 11, 2), 1, [.. Enumerable.Repeat((byte)100, 9 * 11 * 2)], [0]);
        List<float[]> images = Epochs(new Cutout { Probability = 1, Value = 7, MinArea = 0.1f, MaxArea = 0.2f }, 100, data);
        foreach (float[] image in images)
        {
            (int Row, int Column)[] covered =
                [.. Enumerable.Range(0, 99).Where(i => image[2 * i] == 7).Select(i => (i / 11, i % 11))];
            int height = covered.Max(p => p.Row) - covered.Min(p => p.Row) + 1;
            int width = covered.Max(p => p.Column) - covered.Min(p => p.Column) + 1;
            Assert.Equal(height * width, covered.Length);
            Assert.InRange(covered.Length, 0.04 * 99, 0.28 * 99);
            Assert.All(image, value => Assert.True(value is 7 or 100));
        }

        Assert.True(images.Select(image => string.Join(' ', image)).Distinct().Count() > 60);
    }

    [Fact]
    public void Colors_change_as_the_definitions_say()
    {
        byte[] pixels = [10, 20, 30, 200, 100, 50, 0, 255, 128, 90, 90, 90];
        var data = new ImageDataset(new Shape(2, 2, 3), 1, pixels, [0]);
        float[] grey = [.. pixels.Chunk(3).SelectMany(p => Enumerable.Repeat((0.299f * p[0]) + (0.587f * p[1]) + (0.114f * p[2]), 3))];
        Close(grey, Epochs(new Grayscale(1), 1, data)[0], 1e-3f);
        foreach (float[] image in Epochs(new ColorJitter { Brightness = 0.3f }, 20, data))
        {
            float factor = image[1] / 20;
            Assert.InRange(factor, 0.7f, 1.3f);
            Close([.. pixels.Select(p => Math.Min(255, p * factor))], image, 1e-3f);
        }

        double mean = grey.Average();
        foreach (float[] image in Epochs(new ColorJitter { Contrast = 0.4f }, 20, data))
        {
            double factor = (image[9] - mean) / (90 - mean);
            Assert.InRange(factor, 0.6, 1.4);
            Close([.. pixels.Select(p => (float)Math.Clamp(mean + ((p - mean) * factor), 0, 255))], image, 0.02f);
        }

        foreach (float[] image in Epochs(new ColorJitter { Saturation = 0.5f }, 20, data))
        {
            float factor = (image[2] - grey[2]) / (30 - grey[2]);
            Assert.InRange(factor, 0.5f, 1.5f);
            Close([.. pixels.Select((p, i) => Math.Clamp(grey[i] + ((p - grey[i]) * factor), 0, 255))], image, 0.02f);
        }

        // Hue keeps grey pixels, and the grey of pixels that meet no bound.
        foreach (float[] image in Epochs(new ColorJitter { Hue = 0.5f }, 20, data))
        {
            Close([90, 90, 90], image[9..], 0.05f);
            Assert.Equal(grey[0], (0.299f * image[0]) + (0.587f * image[1]) + (0.114f * image[2]), 0.6f);
        }
    }

    [Fact]
    public void Brightness_serves_any_number_of_channels()
    {
        foreach (float[] image in Epochs(new ColorJitter { Brightness = 0.2f, Contrast = 0.2f }, 10))
            Assert.All(image, value => Assert.InRange(value, -1e-3f, 255));
    }

    [Fact]
    public void Mixup_mixes_images_and_labels_in_the_same_shares()
    {
        // Image k is all 10·k + 10, so that the mixture tells its shares.
        byte[] pixels = [.. Enumerable.Range(0, 24).Select(i => (byte)((i / 6 * 10) + 10))];
        var data = new ImageDataset(new Shape(2, 3, 1), 4, pixels, [0, 1, 2, 3]);
        IDataset mixed = data.Augmented(new Augmentation(new Mixup(1)), seed: 3, new Normalization(1, 0));
        Assert.Equal(TargetInfo.Values(new Shape(4)), mixed.Targets[0]);
        using var loader = new BatchLoader(mixed, 4, prefetch: false);
        var shares = new List<float>();
        for (int epoch = 0; epoch < 50; epoch++)
        {
            loader.StartEpoch(epoch, TestContext.Current.CancellationToken);
            Assert.True(loader.MoveNext());
            for (int i = 0; i < 4; i++)
            {
                float[] target = loader.Current.Values().Slice(i * 4, 4).ToArray();
                Assert.Equal(1, target.Sum(), 1e-5f);
                Assert.True(target.Count(share => share > 0) <= 2);
                float expected = target.Select((share, k) => share * ((10 * k) + 10)).Sum();
                Assert.All(loader.Current.Input().Slice(i * 6, 6).ToArray(), value => Assert.Equal(expected, value, 1e-3f));
                shares.Add(target.Max());
            }
        }

        Assert.InRange(shares.Average(), 0.72, 0.88);
    }

    [Fact]
    public void CutMix_pastes_a_rectangle_and_shares_labels_by_its_area()
    {
        var data = new ImageDataset(new Shape(6, 5, 2), 2, [.. Enumerable.Range(0, 120).Select(i => (byte)(i < 60 ? 10 : 20))], [0, 1]);
        IDataset mixed = data.Augmented(new Augmentation(new HorizontalFlip(), new CutMix()), seed: 3, new Normalization(1, 0));
        using var loader = new BatchLoader(mixed, 2, prefetch: false);
        int cut = 0;
        for (int epoch = 0; epoch < 60; epoch++)
        {
            loader.StartEpoch(epoch, TestContext.Current.CancellationToken);
            Assert.True(loader.MoveNext());
            for (int i = 0; i < 2; i++)
            {
                float[] image = loader.Current.Input().Slice(i * 60, 60).ToArray();
                Assert.Equal(image.Count(value => value == 20) / 60f, loader.Current.Values()[(i * 2) + 1], 1e-5f);
                Assert.All(image, value => Assert.True(value is 10 or 20));
                cut += image.Distinct().Count() == 2 ? 1 : 0;
            }
        }

        Assert.InRange(cut, 20, 80);
    }

    [Fact]
    public void Labels_of_pixels_move_with_them()
    {
        // Every pixel's label is its value: what moves must keep that.
        var data = new MaskedImages(new Shape(6, 7, 1), 5);
        var augmentation = new Augmentation(new HorizontalFlip(), new VerticalFlip(), new PadAndCrop(2), new CutMix()) { OutsideLabel = 0 };
        IDataset moved = data.Augmented(augmentation, seed: 1, new Normalization(1, 0));
        Assert.Equal(data.Targets, moved.Targets);
        using var loader = new BatchLoader(moved, 5, prefetch: false);
        bool changed = false;
        for (int epoch = 0; epoch < 20; epoch++)
        {
            loader.StartEpoch(epoch, TestContext.Current.CancellationToken);
            Assert.True(loader.MoveNext());
            Assert.Equal(loader.Current.Input().ToArray(), loader.Current.Labels().ToArray().Select(label => (float)label));
            changed |= loader.Current.Labels()[0] == 0;
        }

        Assert.True(changed);

        // Between pixels the nearest label is taken: each is a label of the picture, and turning moves them.
        moved = data.Augmented(new Augmentation(new RandomAffine { MaxRotation = 45 }) { OutsideLabel = 99 }, seed: 1);
        using var turned = new BatchLoader(moved, 5, prefetch: false);
        turned.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(turned.MoveNext());
        Assert.Contains(99, turned.Current.Labels().ToArray());
        Assert.All(turned.Current.Labels().ToArray(), label => Assert.True(label is 99 or (>= 1 and <= 42)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_images_in_any_batches_and_order()
    {
        IImageTransform[] all = [new RandomAffine { MaxShift = 2, MaxRotation = 20, MaxScale = 0.3f }, new Cutout(), new Mixup(1)];
        Assert.Equal(Epochs(all, 5), Epochs(all, 5));
        Assert.NotEqual(Epochs(all, 5), Epochs(all, 5, seed: 9));
        ImageDataset tiny = TinyData.Create(24);
        IDataset mixed = tiny.Augmented(new Augmentation(all), seed: 4);
        float[] whole = Images(mixed, 24, shuffle: false), parts = Images(mixed, 5, shuffle: false);
        Assert.Equal(whole, parts);
        var results = new float[8][];
        Parallel.For(0, 8, i => results[i] = Images(mixed, 7, shuffle: false));
        Assert.All(results, result => Assert.Equal(whole, result));
    }

    [Fact]
    public void Training_on_mixed_images_learns_and_gives_the_same_bits_at_any_number_of_threads()
    {
        ImageDataset data = TinyData.Create(150);
        byte[]? bits = null;
        foreach (int threads in new[] { 1, 2, 8 })
        {
            Model model = TinyData.Net(dropout: 0);
            new Trainer(model, new Adam(5e-3f)).Train(data, new FitOptions
            {
                Epochs = 12,
                BatchSize = 16,
                Seed = 7,
                MaxThreads = threads,
                Augmentation = new Augmentation(new RandomAffine { MaxShift = 0.3f }, new RandomApply(0.5f, new Mixup())),
            });
            bits ??= TinyData.Bits(model);
            Assert.Equal(bits, TinyData.Bits(model));
            if (threads == 1)
                Assert.True(TinyData.Evaluate(model, data).Accuracy > 0.9);
        }
    }

    [Fact]
    public void Augmented_images_train_on_what_the_model_trains_on()
    {
        ImageDataset data = TinyData.Create(64);
        var augmentation = new Augmentation(new RandomAffine { MaxShift = 1 });
        var options = new FitOptions { Epochs = 2, BatchSize = 16, Seed = 3, MaxThreads = 1, Normalization = new Normalization(0.01, -1) };
        Model one = TinyData.Net(), two = TinyData.Net();
        new Trainer(one, new Adam()).Train(data, options with { Augmentation = augmentation });
        new Trainer(two, new Adam()).Train(data.Augmented(augmentation, seed: 3, new Normalization(0.01, -1)),
            options with { Normalization = null });
        Assert.Equal(TinyData.Bits(one), TinyData.Bits(two));
        Assert.Equal(new Normalization(0.01, -1), two.Normalization);
    }

    [Fact]
    public void Bad_options_are_refused_in_a_sentence()
    {
        (IImageTransform Transform, string Message)[] bad =
        [
            (new RandomAffine { MaxShift = -1 }, "RandomAffine: MaxShift is -1; expected a finite number of at least 0."),
            (new RandomAffine { MaxShift = float.NaN }, "RandomAffine: MaxShift is NaN; expected a finite number of at least 0."),
            (new RandomAffine { MaxRotation = 181 }, "RandomAffine: MaxRotation is 181; expected 0 to 180 degrees."),
            (new RandomAffine { MaxScale = 1 }, "RandomAffine: MaxScale is 1; expected at least 0 and below 1."),
            (new RandomAffine { MaxShear = 80 }, "RandomAffine: MaxShear is 80; expected 0 to 60 degrees."),
            (new HorizontalFlip(1.5f), "HorizontalFlip: Probability is 1.5; expected 0 to 1."),
            (new VerticalFlip(float.NaN), "VerticalFlip: Probability is NaN; expected 0 to 1."),
            (new RandomResizedCrop { MinArea = 0 }, "RandomResizedCrop: MinArea is 0; expected above 0 and at most 1."),
            (new RandomResizedCrop { MaxAspect = 0.5f }, "RandomResizedCrop: MaxAspect is 0.5; expected a finite number of at least 1."),
            (new PadAndCrop(-1), "PadAndCrop: Pixels is -1; expected at least 0."),
            (new ColorJitter { Brightness = 2 }, "ColorJitter: Brightness is 2; expected 0 to 1."),
            (new ColorJitter { Hue = 0.6f }, "ColorJitter: Hue is 0.6; expected 0 to 0.5 turns."),
            (new ColorJitter { Hue = 0.1f },
                "ColorJitter of saturation or hue: images of [5, 4, 2] have 2 channels; expected 3, red, green and blue."),
            (new Grayscale(), "Grayscale: images of [5, 4, 2] have 2 channels; expected 3, red, green and blue."),
            (new Cutout { MinArea = 0.5f }, "Cutout: MaxArea is 0.33; expected at least MinArea and at most 1."),
            (new Mixup(0), "Mixup: Alpha is 0; expected above 0 and at most 4."),
            (new RandomApply(0.5f, new CutMix(5)), "CutMix: Alpha is 5; expected above 0 and at most 4."),
        ];
        foreach ((IImageTransform transform, string message) in bad)
        {
            Exception error = Record.Exception(() => Data.Augmented(new Augmentation(transform)))!;
            Assert.Equal(message, error.Message.Split(" (Parameter", 2)[0]);
            Model model = new Sequential(new Flatten(), new Dense(3)).Build(Data.ImageShape);
            Assert.IsType(error.GetType(), Record.Exception(() => new Trainer(model, new Adam()).Train(Data,
                new FitOptions { Augmentation = new Augmentation(transform) })));
        }

        Assert.Throws<ArgumentException>(() => new Augmentation(null!, new Mixup()));
        var masks = new MaskedImages(new Shape(4, 4, 1), 2);
        Assert.StartsWith("Augmented: Mixup cannot mix labels", Assert.Throws<ShapeException>(() =>
            masks.Augmented(new Augmentation(new Mixup()))).Message, StringComparison.Ordinal);
        masks = new MaskedImages(new Shape(4, 4, 1), 2) { Targets = [TargetInfo.Values(new Shape(4, 4, 1))] };
        Assert.Equal("Augmented: target 0 is values [4, 4, 1], which belongs to the pixels of the images and would not move with them; " +
            "expected at most one target for the pixels, labels [H, W].", Assert.Throws<ShapeException>(() =>
            masks.Augmented(new Augmentation(new HorizontalFlip()))).Message);
    }

    [Fact]
    public void A_label_from_outside_is_a_class_or_ignored()
    {
        var masks = new MaskedImages(new Shape(4, 4, 1), 2);
        int classes = masks.Targets[0].Classes;
        Model model = new Sequential(new Conv2D(classes, 1), new Softmax()).Build(masks.ImageShape);
        FitOptions options = Options(classes);
        Assert.Equal($"Trainer.Fit: Augmentation.OutsideLabel is {classes}; expected 0 to {classes - 1}, or what the loss ignores.",
            Assert.Throws<ArgumentException>(() => new Trainer(model, new Sgd(0.1f)).Train(masks, options)).Message);
        Assert.Equal($"Trainer.Fit: Augmentation.OutsideLabel is {classes}; expected 0 to {classes - 1}, or -1, which the loss ignores.",
            Assert.Throws<ArgumentException>(() => new Trainer(model, new Sgd(0.1f), new SoftmaxCrossEntropy { IgnoredLabel = -1 })
                .Train(masks, options)).Message);
        new Trainer(model, new Sgd(0.1f), new SoftmaxCrossEntropy { IgnoredLabel = classes }).Train(masks, options);
        new Trainer(model, new Sgd(0.1f)).Train(masks, Options(0));

        static FitOptions Options(int label) => new()
        {
            Epochs = 1,
            MaxThreads = 1,
            Augmentation = new Augmentation(new PadAndCrop(1)) { OutsideLabel = label },
        };
    }

    [Fact]
    public void The_smallest_shares_are_drawn_at_once()
    {
        // Both powers of the draw are below all doubles: one image or the other.
        IDataset mixed = TinyData.Create(24).Augmented(new Augmentation(new Mixup(1e-30f)), seed: 3);
        using var loader = new BatchLoader(mixed, mixed.Count, prefetch: false);
        var seen = new HashSet<string>();
        for (int epoch = 0; epoch < 20; epoch++)
        {
            loader.StartEpoch(epoch, TestContext.Current.CancellationToken);
            Assert.True(loader.MoveNext());
            Assert.All(loader.Current.Values().ToArray(), share => Assert.True(share is 0 or 1));
            seen.Add(string.Join(' ', loader.Current.Values().ToArray()));
        }

        Assert.True(seen.Count > 1);
    }

    private static ImageDataset CreateData()
    {
        var pixels = new byte[5 * 4 * 2];
        pixels[((2 * 4) + 1) * 2] = 200;
        return new ImageDataset(new Shape(5, 4, 2), 3, pixels, [2]);
    }

    private static void Close(float[] expected, float[] actual, float tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private static (double Row, double Column) Centroid(float[] image)
    {
        double row = 0, column = 0, sum = 0;
        for (int i = 0; i < image.Length; i += 2)
        {
            row += image[i] * (i / 8);
            column += image[i] * (i % 8 / 2);
            sum += image[i];
        }

        return (Math.Round(row / sum, 5), Math.Round(column / sum, 5));
    }

    private static List<float[]> Epochs(IImageTransform transform, int count, ImageDataset? data = null, ulong seed = 4) =>
        Epochs([transform], count, data, seed);

    private static List<float[]> Epochs(IImageTransform[] transforms, int count, ImageDataset? data = null, ulong seed = 4)
    {
        data ??= Data;
        var images = new List<float[]>();
        IDataset batches = data.Augmented(new Augmentation(transforms), seed, new Normalization(1, 0));
        using var loader = new BatchLoader(batches, 1, seed, shuffle: true, prefetch: false);
        for (int epoch = 0; epoch < count; epoch++)
        {
            loader.StartEpoch(epoch, TestContext.Current.CancellationToken);
            Assert.True(loader.MoveNext());
            images.Add(loader.Current.Input().ToArray());
        }

        return images;
    }

    private static float[] Images(IDataset data, int batch, bool shuffle)
    {
        List<float> images = [], targets = [];
        using var loader = new BatchLoader(data, batch, 1, shuffle, prefetch: false);
        loader.StartEpoch(2, TestContext.Current.CancellationToken);
        while (loader.MoveNext())
        {
            images.AddRange(loader.Current.Input());
            targets.AddRange(loader.Current.Values());
        }

        return [.. images, .. targets];
    }

    // A transform of one's own that looks at the pixels and changes nothing.
    private sealed class Look : IImageTransform
    {
        public void Apply(ref ImageSample image) => Assert.Equal(image.Shape.ElementCount, image.Pixels.Length);
    }

    // Images whose pixels are 1, 2, 3, …, with their values as labels.
    private sealed class MaskedImages(Shape shape, int count) : IImageDataset
    {
        public int Count => count;

        public Shape ImageShape => shape;

        public IReadOnlyList<TargetInfo> Targets { get; init; } = [TargetInfo.Labels(new Shape(shape[0], shape[1]), 100)];

        public void ReadImage(int index, Span<byte> pixels)
        {
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)(i + 1);
        }

        public void FillTargets(ReadOnlySpan<int> indices, BatchBuffers batch)
        {
            Span<int> labels = batch.Labels();
            for (int i = 0; i < labels.Length; i++)
                labels[i] = (i % shape.ElementCount) + 1;
        }
    }
}

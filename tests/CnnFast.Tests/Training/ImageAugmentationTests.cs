using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Random changes of training images: bounded, different in every epoch, the same for a seed.</summary>
public sealed class ImageAugmentationTests
{
    // 5×4 pixels of 2 channels; the bright pixel is the one at row 2, column 1.
    private static readonly ImageDataset Data = CreateData();

    [Fact]
    public void Nothing_asked_for_changes_nothing() =>
        Assert.Equal(Data.GetImageBytes(0).ToArray().Select(value => (float)value), Epochs(new ImageAugmentation(), 1)[0]);

    [Fact]
    public void Shifts_stay_within_their_limit_keep_the_light_and_differ_by_epoch()
    {
        List<float[]> images = Epochs(new ImageAugmentation { MaxShift = 1 }, 200);
        Assert.Equal(200, images.Select(image => string.Join(' ', image)).Distinct().Count());
        var rows = images.Select(image => Centroid(image).Row).ToList();
        var columns = images.Select(image => Centroid(image).Column).ToList();
        Assert.True(rows.Min() is >= 1 and < 1.1 && rows.Max() is > 2.9 and <= 3, $"rows {rows.Min()} to {rows.Max()}");
        Assert.True(columns.Min() is >= 0 and < 0.1 && columns.Max() is > 1.9 and <= 2, $"columns {columns.Min()} to {columns.Max()}");
        Assert.All(images, image => Assert.Equal(200, image.Where((_, i) => i % 2 == 0).Sum(), 0.01));
    }

    [Fact]
    public void Turning_and_scaling_keep_the_centre()
    {
        var pixels = new byte[25];
        pixels[12] = 100;
        var data = new ImageDataset(new Shape(5, 5, 1), 1, pixels, [0]);
        foreach (float[] image in Epochs(new ImageAugmentation { MaxRotation = 180, MaxScale = 0.2f }, 20, data))
            Assert.Equal(100, image[12], 1e-4);
    }

    [Fact]
    public void Half_a_turn_turns_an_image_over()
    {
        var augmentation = new ImageAugmentation { MaxRotation = 180 };
        byte[] pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var data = new ImageDataset(new Shape(3, 3, 1), 1, pixels, [0]);
        float[] closest = Epochs(augmentation, 2000, data).MinBy(image => Math.Abs(image[0] - 9) + Math.Abs(image[8] - 1))!;
        for (int i = 0; i < 9; i++)
            Assert.Equal(9 - i, closest[i], 0.3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_images()
    {
        var augmentation = new ImageAugmentation { MaxShift = 2, MaxRotation = 20, MaxScale = 0.3f };
        Assert.Equal(Epochs(augmentation, 5), Epochs(augmentation, 5));
        Assert.NotEqual(Epochs(augmentation, 5), Epochs(augmentation, 5, seed: 9));
    }

    [Fact]
    public void Options_out_of_range_are_rejected()
    {
        foreach (ImageAugmentation bad in new ImageAugmentation[] { new() { MaxShift = -1 }, new() { MaxShift = float.NaN },
            new() { MaxRotation = 181 }, new() { MaxScale = 1 } })
            Assert.Throws<ArgumentOutOfRangeException>(bad.Validate);
    }

    private static ImageDataset CreateData()
    {
        var pixels = new byte[5 * 4 * 2];
        pixels[((2 * 4) + 1) * 2] = 200;
        return new ImageDataset(new Shape(5, 4, 2), 3, pixels, [2]);
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

    private static List<float[]> Epochs(ImageAugmentation augmentation, int count, ImageDataset? data = null, ulong seed = 4)
    {
        data ??= Data;
        var images = new List<float[]>();
        var batches = new AugmentedImages(data, new Normalization(1, 0), augmentation, seed);
        using var loader = new BatchLoader(batches, 1, seed, shuffle: true, prefetch: false);
        for (int epoch = 0; epoch < count; epoch++)
        {
            loader.StartEpoch(epoch, TestContext.Current.CancellationToken);
            Assert.True(loader.MoveNext());
            Assert.Equal(data.GetLabel(0), loader.Current.Labels()[0]);
            images.Add(loader.Current.Input().ToArray());
        }

        return images;
    }
}

using CnnFast.Data;

namespace CnnFast.Tests.Data;

public sealed class ImageDatasetTests
{
    /// <summary>Five images of 2×3×2 whose first byte is ten times their number; labels 0, 1, 2, 0, 1.</summary>
    private static ImageDataset Five()
    {
        var pixels = new byte[5 * 12];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((i / 12 * 10) + (i % 12));
        return new ImageDataset(new Shape(2, 3, 2), 3, pixels, [0, 1, 2, 0, 1]);
    }

    [Fact]
    public void Sizes_labels_and_bytes_are_those_given()
    {
        ImageDataset dataset = Five();
        Assert.Equal((5, 2, 3, 2, 3), (dataset.Count, dataset.H, dataset.W, dataset.C, dataset.Classes));
        Assert.Equal([0, 1, 2, 0, 1], dataset.Labels.ToArray());
        Assert.Equal(2, dataset.GetLabel(2));
        Assert.Equal([30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41], dataset.GetImageBytes(3).ToArray());
    }

    [Fact]
    public void A_later_change_of_the_arrays_does_not_reach_the_data_set()
    {
        byte[] pixels = [1, 2];
        int[] labels = [0, 1];
        var dataset = new ImageDataset(new Shape(1, 1, 1), 2, pixels, labels);
        pixels[0] = 9;
        labels[1] = 0;
        Assert.Equal(1, dataset.GetImageBytes(0)[0]);
        Assert.Equal(1, dataset.GetLabel(1));
    }

    [Fact]
    public void Images_are_copied_in_the_order_asked_for_and_normalised()
    {
        var destination = new float[(3 * 12) + 1];
        destination[^1] = -7;
        Five().CopyImages([4, 0, 4], destination);
        Assert.Equal(40 / 255f, destination[0]);
        Assert.Equal(51 / 255f, destination[11]);
        Assert.Equal(0f, destination[12]);
        Assert.Equal(40 / 255f, destination[24]);
        Assert.Equal(-7, destination[^1]);
        Five().CopyImages([1], destination, new Normalization(2, 1));
        Assert.Equal(21f, destination[0]);
    }

    [Fact]
    public void Copying_allocates_nothing()
    {
        ImageDataset dataset = Five();
        var destination = new float[24];
        dataset.CopyImages([0, 1], destination);
        long before = GC.GetAllocatedBytesForCurrentThread();
        dataset.CopyImages([3, 2], destination);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Subsets_of_subsets_reach_the_right_images()
    {
        ImageDataset subset = Five().Subset(4, 2, 0).Subset(2, 0, 0);
        Assert.Equal([0, 1, 1], subset.Labels.ToArray());
        Assert.Equal([0, 40, 40], new[] { subset.GetImageBytes(0)[0], subset.GetImageBytes(1)[0], subset.GetImageBytes(2)[0] });
        Assert.Equal(3, subset.Classes);
    }

    [Fact]
    public void Take_and_split_keep_the_order()
    {
        Assert.Equal([0, 1], Five().Take(2).Labels.ToArray());
        (ImageDataset first, ImageDataset rest) = Five().Split(3);
        Assert.Equal([0, 1, 2], first.Labels.ToArray());
        Assert.Equal([0, 1], rest.Labels.ToArray());
        Assert.Equal(30, rest.GetImageBytes(0)[0]);
    }

    [Fact]
    public void Shuffle_keeps_every_image_with_its_label_and_repeats_with_its_seed()
    {
        ImageDataset shuffled = DigitDataset.LoadEmbedded().Test.Shuffle(3);
        ImageDataset again = DigitDataset.LoadEmbedded().Test.Shuffle(3);
        ImageDataset other = DigitDataset.LoadEmbedded().Test.Shuffle(4);
        ImageDataset plain = DigitDataset.LoadEmbedded().Test;
        Assert.Equal(shuffled.Labels.ToArray(), again.Labels.ToArray());
        Assert.NotEqual(shuffled.Labels.ToArray(), other.Labels.ToArray());
        Assert.NotEqual(shuffled.Labels.ToArray(), plain.Labels.ToArray());
        Assert.Equal(Keys(plain).Order(), Keys(shuffled).Order());

        static List<string> Keys(ImageDataset dataset)
        {
            var keys = new List<string>();
            for (int i = 0; i < dataset.Count; i++)
                keys.Add($"{dataset.GetLabel(i)} {Convert.ToHexString(dataset.GetImageBytes(i))}");
            return keys;
        }
    }

    [Fact]
    public void Bytes_that_do_not_fit_the_labels_are_rejected() => Assert.Equal(
        "ImageDataset: 11 bytes were given for 2 labels; expected 12, images of [2, 3, 1].",
        Assert.Throws<ShapeException>(() => new ImageDataset(new Shape(2, 3, 1), 2, new byte[11], [0, 1])).Message);

    [Fact]
    public void A_shape_without_channels_is_rejected() => Assert.Equal(
        "ImageDataset: the image shape is [2, 3]; expected [H, W, C].",
        Assert.Throws<ShapeException>(() => new ImageDataset(new Shape(2, 3), 2, new byte[6], [0])).Message);

    [Fact]
    public void No_images_are_rejected() => Assert.Equal(
        "ImageDataset: there are no images; expected at least 1.",
        Assert.Throws<ShapeException>(() => new ImageDataset(new Shape(1, 1, 1), 2, [], [])).Message);

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_label_outside_the_classes_is_rejected(int label) => Assert.StartsWith(
        $"ImageDataset: label 1 is {label}; expected 0 to 1.",
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataset(new Shape(1, 1, 1), 2, new byte[2], [0, label])).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void An_image_that_is_not_there_is_rejected(int index)
    {
        string expected = $"ImageDataset: image {index} was asked for; expected 0 to 4.";
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(() => Five().GetLabel(index)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(() => Five().GetImageBytes(index).Length).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(() => Five().CopyImages([index], new float[12])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(() => Five().Subset(0, index)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_cuts_are_rejected()
    {
        Assert.Throws<ArgumentException>(() => Five().Subset());
        Assert.Throws<ArgumentOutOfRangeException>(() => Five().Take(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Five().Take(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => Five().Split(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Five().Split(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataset(new Shape(1, 1, 1), 0, new byte[1], [0]));
    }

    [Fact]
    public void A_destination_that_is_too_short_is_rejected() => Assert.Equal(
        "ImageDataset: the destination holds 23 values; expected 24 for 2 images of [2, 3, 2].",
        Assert.Throws<ShapeException>(() => Five().CopyImages([0, 1], new float[23])).Message);
}

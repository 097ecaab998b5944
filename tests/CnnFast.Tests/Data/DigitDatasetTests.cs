using System.Security.Cryptography;
using CnnFast.Data;

namespace CnnFast.Tests.Data;

public sealed class DigitDatasetTests
{
    [Fact]
    public void The_embedded_digits_are_9000_and_1000_images_of_28_by_28()
    {
        (ImageDataset train, ImageDataset test) = DigitDataset.LoadEmbedded();
        Assert.Equal(9000, train.Count);
        Assert.Equal(1000, test.Count);
        Assert.Equal(new Shape(28, 28, 1), train.ImageShape);
        Assert.Equal(new Shape(28, 28, 1), test.ImageShape);
        Assert.Equal(10, train.Classes);
        Assert.Equal((28, 28, 1), (test.H, test.W, test.C));
    }

    [Fact]
    public void The_first_embedded_digits_are_those_of_MNIST()
    {
        ImageDataset train = DigitDataset.LoadEmbedded().Train;
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], train.Labels[..10].ToArray());
        // The first image of MNIST: row 5 holds its first ink.
        Assert.Equal([3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127], train.GetImageBytes(0).Slice((5 * 28) + 12, 12).ToArray());
        Assert.All(train.GetImageBytes(0)[..(5 * 28)].ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Every_class_comes_often_in_both_parts()
    {
        (ImageDataset train, ImageDataset test) = DigitDataset.LoadEmbedded();
        for (int digit = 0; digit < 10; digit++)
        {
            Assert.InRange(train.Labels.Count(digit), 750, 1100);
            Assert.InRange(test.Labels.Count(digit), 70, 140);
        }
    }

    [Fact]
    public void No_test_image_is_among_the_training_images()
    {
        (ImageDataset train, ImageDataset test) = DigitDataset.LoadEmbedded();
        var seen = new HashSet<string>();
        for (int i = 0; i < train.Count; i++)
            seen.Add(Convert.ToHexString(SHA256.HashData(train.GetImageBytes(i))));
        for (int i = 0; i < test.Count; i++)
            Assert.DoesNotContain(Convert.ToHexString(SHA256.HashData(test.GetImageBytes(i))), seen);
    }
}

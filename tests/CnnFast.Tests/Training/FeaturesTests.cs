using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Features of a frozen body with targets that move with the images, and images that are normalised already.</summary>
public sealed class FeaturesTests
{
    private static readonly Model s_body = new Sequential(new Rescaling(1, 0)).Build(new Shape(2, 3, 1));

    [Fact]
    public void Labels_of_pixels_move_with_the_images_of_their_variant()
    {
        byte[] pixels = [.. Enumerable.Range(0, 12).Select(i => (byte)(i % 2 * 255))];
        int[] labels = [.. Enumerable.Range(0, 12).Select(i => i % 2)];
        var data = new ImageDataset(new Shape(2, 3, 1), pixels, TargetInfo.Labels(new Shape(2, 3), 2), labels);
        IDataset features = Features.Compute(s_body, data,
            new FeatureOptions { Variants = 3, Augmentation = new Augmentation(new HorizontalFlip(1), new VerticalFlip(0.5f)) },
            cancellationToken: TestContext.Current.CancellationToken);
        using var loader = new BatchLoader(features, 2, shuffle: false);
        for (int epoch = 0; epoch < 4; epoch++)
        {
            loader.StartEpoch(epoch, CancellationToken.None);
            Assert.True(loader.MoveNext());
            Assert.Equal(loader.Current.Input().ToArray().Select(value => (int)value), loader.Current.Labels().ToArray());
        }
    }

    [Fact]
    public void Images_are_normalised_as_the_model_says()
    {
        ImageDataset images = TinyData.Create(6);
        Model body = new Sequential(new Rescaling(1, 0)).Build(new Shape(8, 6, 1));
        body.Normalization = Normalization.FromMeanStd(0.2, 0.5);
        float[] expected = First(Features.Compute(body, images, cancellationToken: TestContext.Current.CancellationToken));
        foreach (IDataset same in new[] { images.Normalized(body.Normalization), images.Augmented(new Augmentation()) })
            Assert.Equal(expected, First(Features.Compute(body, same, cancellationToken: TestContext.Current.CancellationToken)),
                (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.StartsWith("Features: images are normalised by", Assert.Throws<ArgumentException>(() => Features.Compute(body,
            images.Normalized(default), cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    private static float[] First(IDataset data)
    {
        using var loader = new BatchLoader(data, data.Count, shuffle: false);
        loader.StartEpoch(0, CancellationToken.None);
        Assert.True(loader.MoveNext());
        return loader.Current.Input().ToArray();
    }
}

using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Tests.Models;
using CnnFast.Training;

namespace CnnFast.Tests.Data;

/// <summary>Images of any data set become numbers channel by channel; the model remembers how, and what the classes are called.</summary>
public sealed class ImageNormalizationTests
{
    private static readonly string[] Names = ["red", "grün", "dark blue"];

    [Fact]
    public void Computed_factors_give_every_channel_mean_0_and_deviation_1()
    {
        ImageDataset images = Colours(40);
        Normalization normalization = images.ComputeNormalization(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(3, normalization.Channels);
        Assert.Equal(normalization, images.ComputeNormalization(1, TestContext.Current.CancellationToken));
        Assert.Equal(normalization, ((IImageDataset)new Copied(images)).ComputeNormalization(2, TestContext.Current.CancellationToken));
        var values = new float[40 * images.ImageShape.ElementCount];
        images.CopyImages([.. Enumerable.Range(0, 40)], values, normalization);
        for (int c = 0; c < 3; c++)
        {
            double[] channel = [.. values.Where((_, i) => i % 3 == c).Select(value => (double)value)];
            Assert.Equal(0, channel.Average(), 1e-6);
            Assert.Equal(1, Math.Sqrt(channel.Average(value => value * value)), 1e-6);
        }
    }

    [Fact]
    public void A_channel_of_one_value_is_only_shifted()
    {
        var images = new ImageDataset(new Shape(1, 2, 2), 1, [51, 1, 51, 3], [0]);
        Normalization normalization = images.ComputeNormalization(1, TestContext.Current.CancellationToken);
        Assert.Equal(0, normalization.Apply(51, 0));
        Assert.Equal(-1, normalization.Apply(1, 1), 1e-6);
        Assert.Equal(1, normalization.Apply(3, 1), 1e-6);
    }

    [Fact]
    public void Any_images_fill_batches_as_those_in_memory_do()
    {
        ImageDataset images = Colours(10);
        Normalization normalization = images.ComputeNormalization(1, TestContext.Current.CancellationToken);
        var expected = new float[10 * images.ImageShape.ElementCount];
        images.CopyImages([.. Enumerable.Range(0, 10)], expected, normalization);
        foreach (IDataset data in (IDataset[])[images.Normalized(normalization), new Copied(images).Normalized(normalization)])
        {
            using var loader = new BatchLoader(data, 10, shuffle: false);
            loader.StartEpoch(0, TestContext.Current.CancellationToken);
            Assert.True(loader.MoveNext());
            Assert.Equal(expected, loader.Current.Input());
            Assert.Equal(images.Labels, loader.Current.Labels());
        }

        images.CopyImages([.. Enumerable.Range(0, 10)], expected);
        using var plain = new BatchLoader(new Copied(images), 10, shuffle: false);
        plain.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(plain.MoveNext());
        Assert.Equal(expected, plain.Current.Input());
    }

    [Fact]
    public void Factors_for_other_channels_are_refused()
    {
        ImageDataset images = Colours(3);
        const string Expected = "the normalisation has factors for 2 channels; the images have 3: " +
            "expected as many, or one of each for all.";
        var two = Normalization.PerChannel([1, 2], [0, 0]);
        Assert.Equal($"Normalized: {Expected}", Assert.Throws<ShapeException>(() => images.Normalized(two)).Message);
        Assert.Equal($"ImageDataset: {Expected}",
            Assert.Throws<ShapeException>(() => images.CopyImages([0], new float[1000], two)).Message);

        Model model = Net(3);
        Assert.Equal("Model.Normalization has factors for 2 channels; the inputs of the model are [4, 5, 3]: expected as many, " +
            "or one of each for all.", Assert.Throws<ShapeException>(() => model.Normalization = two).Message);
        Assert.Equal(default, model.Normalization);
        model.Normalization = Normalization.PerChannel([1, 2, 3], [0, 0, 0]);
        model.Normalization = new Normalization(2, 1);
    }

    [Fact]
    public void Training_leaves_factors_and_names_to_the_model_and_its_file()
    {
        ImageDataset images = Colours(30).WithClassNames(Names);
        var options = new FitOptions
        {
            Normalization = images.ComputeNormalization(1, TestContext.Current.CancellationToken),
            MaxThreads = 1,
        };
        Model model = Net(3);
        new Trainer(model, new Sgd(0.1f)).Fit(new Copied(images), options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Names, model.ClassNames);
        Assert.Equal(options.Normalization, model.Normalization);

        using var file = new TemporaryFile();
        model.Save(file.Path);
        Model loaded = Model.Load(file.Path);
        Assert.Equal(Names, loaded.ClassNames);
        Assert.Equal(model.Normalization, loaded.Normalization);
        Assert.Equal(
            Evaluator.Evaluate(model, images, cancellationToken: TestContext.Current.CancellationToken),
            Evaluator.Evaluate(loaded, new Copied(images), cancellationToken: TestContext.Current.CancellationToken));

        byte[] bytes = images.GetImageBytes(4).ToArray();
        var numbers = new float[bytes.Length];
        model.Normalization.Apply(bytes, numbers);
        using var session = new InferenceSession(loaded, new SessionOptions { ByteInput = ByteInput.From(loaded.Normalization) });
        var output = new float[3];
        session.RunBytes(bytes, output, TestContext.Current.CancellationToken);
        float[] expected = model.Predict(numbers);
        for (int i = 0; i < 3; i++)
            Assert.Equal(expected[i], output[i], 1e-5f);
    }

    [Fact]
    public void Names_that_are_not_those_of_the_output_stay_away()
    {
        Model model = Net(4);
        new Trainer(model, new Sgd(0.1f)).Fit(
            new ImageDataset(new Shape(4, 5, 3), 4, new byte[60], [0]), new FitOptions { MaxThreads = 1 },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Null(model.ClassNames);
        Assert.StartsWith("Model.ClassNames: 3 names of classes were given; expected 4, one for each.",
            Assert.Throws<ArgumentException>(() => model.ClassNames = Names).Message, StringComparison.Ordinal);
        Assert.StartsWith("Model.ClassNames: the name of class 1 is 'a\\u000A'; expected 1 to 200 characters that can be printed.",
            Assert.Throws<ArgumentException>(() => model.ClassNames = ["a", "a\n", "c", "d"]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.ClassNames = ["a", "b", "c", "\ud800"]);
        Assert.Throws<ArgumentException>(() => model.ClassNames = ["a", "b", "c", ""]);
        Assert.Throws<ArgumentException>(() => model.ClassNames = ["a", "b", "c", new string('d', 201)]);
    }

    [Fact]
    public void Other_outputs_lose_the_names()
    {
        Model model = Net(3);
        model.ClassNames = Names;
        Assert.Equal(Names, model.WithOutputs(model.Layers[^1].Name).ClassNames);
        Assert.Null(model.WithOutputs(model.Layers[^2].Name).ClassNames);
    }

    private static Model Net(int classes) =>
        new Sequential(new Conv2D(4, 3), new Flatten(), new Dense(classes)).Build(new Shape(4, 5, 3), seed: 3);

    private static ImageDataset Colours(int count)
    {
        var random = new SeededRandom(5);
        var pixels = new byte[count * 60];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(random.NextInt32(100) + (50 * (i % 3)));
        return new ImageDataset(new Shape(4, 5, 3), 3, pixels, [.. Enumerable.Range(0, count).Select(i => i % 3)]);
    }

    /// <summary>Images that are no <see cref="ImageDataset"/>.</summary>
    private sealed class Copied(ImageDataset images) : IImageDataset
    {
        public int Count => images.Count;

        public Shape ImageShape => images.ImageShape;

        public IReadOnlyList<TargetInfo> Targets => [TargetInfo.Labels(images.Classes)];

        public IReadOnlyList<string>? ClassNames => images.ClassNames;

        public void ReadImage(int index, Span<byte> pixels) => images.GetImageBytes(index).CopyTo(pixels);

        public void FillTargets(ReadOnlySpan<int> indices, BatchBuffers batch) => images.FillTargets(indices, batch);
    }
}

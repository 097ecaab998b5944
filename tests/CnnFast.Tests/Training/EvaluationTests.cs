using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>What an evaluation counts: labels that are left out, images under their normalisation, metrics of several losses.</summary>
public sealed class EvaluationTests
{
    private static readonly float[] s_outputs = [2, 0, 0, 3, 1, 0, 0, 1, 2, 1, 5, 4, 0, 1, 1, 0];

    [Theory]
    [InlineData(255)]
    [InlineData(-1)]
    public void Labels_that_the_loss_leaves_out_do_not_count_in_the_accuracy(int ignored)
    {
        // Of eight samples five are left out, and the other three are right.
        int[] labels = [0, ignored, ignored, 1, ignored, ignored, 1, ignored];
        var data = new ArrayDataset(new Shape(2), s_outputs, TargetInfo.Labels(2), labels, ignored);
        Model model = Same();
        var loss = new SoftmaxCrossEntropy { IgnoredLabel = ignored };
        EvaluationResult result = TinyData.Evaluate(model, data, new EvaluationOptions { Loss = loss, Metrics = [new Accuracy()] });
        Assert.Equal(1, result.Accuracy);
        Assert.Equal(1, result.Metrics["accuracy"]);
        Assert.Equal(8, result.Count);
        FitResult fit = new Trainer(model, new Sgd(1e-9f), loss).Train(data, new FitOptions
        {
            BatchSize = 3,
            Shuffle = false,
            Validation = data,
            Metrics = [new Accuracy()],
        });
        Assert.Equal(1, fit.Epochs[0].TrainAccuracy);
        Assert.Equal(["train/loss", "train/accuracy", "validation/loss", "validation/accuracy"],
            EpochFigures.Of(fit.Epochs[0]).Select(figure => figure.Key).Take(4));
        Assert.Single(EpochFigures.Of(fit.Epochs[0]), figure => figure.Key == "validation/accuracy");
    }

    [Fact]
    public void An_output_that_is_no_number_is_not_the_label_that_is_left_out()
    {
        Model model = Same();
        model.Parameters[0].Assign([float.NaN, 0, 0, float.NaN]);
        var data = new ArrayDataset(new Shape(2), s_outputs.AsSpan(0, 6), TargetInfo.Labels(2), [-1, 0, 1], -1);
        Assert.Equal(0, TinyData.Evaluate(model, data,
            new EvaluationOptions { Loss = new SoftmaxCrossEntropy { IgnoredLabel = -1 } }).Accuracy);
    }

    [Fact]
    public void Images_of_any_kind_are_normalised_as_the_model_says()
    {
        ImageDataset images = TinyData.Create(20);
        Model model = TinyData.Net(dropout: 0);
        new Trainer(model, new Adam(0.01f)).Train(images,
            new FitOptions { Epochs = 2, Normalization = Normalization.FromMeanStd(0.2, 0.25) });
        EvaluationResult expected = TinyData.Evaluate(model, images);
        Assert.Equal(expected.Loss, TinyData.Evaluate(model, images.Normalized(model.Normalization)).Loss);
        Assert.Equal(expected.Loss, TinyData.Evaluate(model, images.Augmented(new Augmentation())).Loss, 1e-4);
        Assert.StartsWith("Evaluator: images are normalised by", Assert.Throws<ArgumentException>(() =>
            TinyData.Evaluate(model, images.Normalized(default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_learning_rate_is_sought_on_images_as_they_are_trained()
    {
        ImageDataset images = TinyData.Create(20);
        var normalization = Normalization.FromMeanStd(0.2, 0.25);
        LearningRateCurve Run(IDataset data, Normalization? option) => LearningRateFinder.Run(TinyData.Net(dropout: 0), data, new Adam(),
            new LearningRateFinderOptions { Steps = 4, Normalization = option }, TestContext.Current.CancellationToken);
        double[] expected = [.. Run(images, normalization).Points.Select(point => point.Loss)];
        Assert.Equal(expected, Run(images.Normalized(normalization), null).Points.Select(point => point.Loss));
        Assert.Equal(expected[0], Run(images.Augmented(new Augmentation()), normalization).Points[0].Loss, 1e-4);
        Assert.StartsWith("LearningRateFinder: images are normalised by", Assert.Throws<ArgumentException>(() =>
            Run(images.Normalized(default), normalization)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_metric_that_applies_to_one_of_the_losses_is_measured(bool reversed)
    {
        Model model = new Sequential(new Dense(2), new Sigmoid(name: "y")).Build(new Shape(2), seed: 3);
        var data = new ArrayDataset(new Shape(2), s_outputs, new Shape(2), [.. s_outputs.Select(value => value > 1 ? 1f : 0)]);
        LossTerm[] terms = [new(new BinaryCrossEntropy()) { Output = "y" }, new(new MeanSquaredError()) { Output = "y", Target = 0 }];
        if (reversed)
            Array.Reverse(terms);
        EvaluationResult result = TinyData.Evaluate(model, data, new EvaluationOptions
        {
            Losses = [.. terms.Select(term => term with { Target = 0 })],
            Metrics = [new RootMeanSquaredError(), new Accuracy()],
        });
        Assert.Equal(["y.accuracy", "y.root_mean_squared_error"], result.Metrics.Keys.Order());
    }

    // A dense layer that leaves its inputs as they are.
    private static Model Same()
    {
        Model model = new Sequential(new Dense(2)).Build(new Shape(2));
        model.Parameters[0].Assign([1, 0, 0, 1]);
        return model;
    }
}

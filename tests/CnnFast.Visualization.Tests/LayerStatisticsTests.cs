using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Visualization.Tests;

public sealed class LayerStatisticsTests
{
    [Fact]
    public void Norms_and_zeros_are_those_of_a_step()
    {
        Model model = SmallTraining.Net();
        ImageDataset samples = SmallTraining.Train.Take(20);
        var statistics = new LayerStatistics(model, new SoftmaxCrossEntropy(), samples, 1);
        statistics.Measure(1);
        Assert.Equal(20, statistics.Samples);

        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = 20,
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            Values = ["first"],
        });
        using var loader = new BatchLoader(samples.Normalized(model.Normalization), 20, shuffle: false);
        loader.StartEpoch(0);
        loader.MoveNext();
        session.Forward(20, loader.Current.Input());
        double zeros = session.Value("first").ToArray().Average(value => value == 0 ? 1.0 : 0);
        session.Loss(loader.Current.Labels());
        session.Backward();
        double square = model.Parameters.Where(parameter => parameter.Name.StartsWith("head", StringComparison.Ordinal))
            .Sum(parameter => session.Gradient(parameter).ToArray().Sum(value => (double)value * value));
        Assert.Equal(Math.Sqrt(square), Last(statistics, "gradient", "head"), 1e-5);
        Assert.Equal(zeros, Last(statistics, "zeros", "first"), 1e-9);
        Assert.Empty(statistics.Warnings());
    }

    [Fact]
    public void Every_activation_has_a_mean_and_a_deviation()
    {
        Model model = new Sequential(
            new Conv2D(8, 3, stride: 2, activation: Activation.SiLU, name: "silu"),
            new Conv2D(8, 3, stride: 2),
            new BatchNormalization(),
            new Tanh(name: "tanh"),
            new GELU(name: "gelu"),
            new Flatten(),
            new Dense(16, activation: Activation.Sigmoid, name: "sigmoid"),
            new Dense(16, activation: Activation.ReLU, name: "relu"),
            new Dense(10),
            new Softmax()).Build(new Shape(28, 28, 1), 3);
        string[] names = ["silu", "tanh", "gelu", "sigmoid", "relu"];
        ImageDataset samples = SmallTraining.Train.Take(20);
        var statistics = new LayerStatistics(model, new SoftmaxCrossEntropy(), samples, 1);
        statistics.Measure(1);
        foreach (string kind in (string[])["mean", "deviation"])
            Assert.Equal(names, statistics.Series.Where(one => one.Kind == kind).Select(one => one.Name));
        Assert.Equal("relu", Assert.Single(statistics.Series, one => one.Kind == "zeros").Name);

        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = 20,
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            Values = names,
        });
        using var loader = new BatchLoader(samples.Normalized(model.Normalization), 20, shuffle: false);
        loader.StartEpoch(0);
        loader.MoveNext();
        session.Forward(20, loader.Current.Input());
        foreach (string name in names)
        {
            double[] values = [.. session.Value(name).ToArray().Select(value => (double)value)];
            double mean = values.Average(), deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            Assert.Equal(mean, Last(statistics, "mean", name), 1e-5 * (deviation + Math.Abs(mean)));
            Assert.Equal(deviation, Last(statistics, "deviation", name), 1e-4 * deviation);
        }
    }

    [Fact]
    public void Dead_ReLUs_and_gradients_that_vanish_or_explode_are_said_in_words()
    {
        Model model = SmallTraining.Net();
        Parameter bias = model.Parameters.First(parameter => parameter.Name == "second.bias");
        bias.Assign([.. Enumerable.Range(0, 12).Select(c => c < 9 ? -1000f : 0)]);
        var statistics = new LayerStatistics(model, new SoftmaxCrossEntropy(), SmallTraining.Train, 1);
        statistics.Measure(7);
        Assert.Equal(0.75, Last(statistics, "dead", "second"));
        string dead = Assert.Single(statistics.Warnings());
        Assert.StartsWith("Dead ReLUs: 9 of 12 channels of 'second' are 0 for all 32 samples at step 7;", dead, StringComparison.Ordinal);

        Parameter head = model.Parameters.First(parameter => parameter.Name.StartsWith("head.", StringComparison.Ordinal)
            && parameter.Role == ParameterRole.Filter);
        head.Assign([.. head.Values.ToArray().Select(value => 1e6f * value)]);
        statistics.Measure(8);
        Assert.Contains(statistics.Warnings(), words => words.StartsWith("Exploding gradient: that of 'first'", StringComparison.Ordinal));
        Assert.Contains(statistics.Warnings(), words => words.StartsWith("Vanishing gradient: that of 'head'", StringComparison.Ordinal));
    }

    [Fact]
    public void Measurements_are_bounded()
    {
        Model model = new Sequential(new Flatten(), new Dense(4, activation: Activation.ReLU), new Dense(10), new Softmax())
            .Build(new Shape(28, 28, 1));
        var statistics = new LayerStatistics(model, new SoftmaxCrossEntropy(), SmallTraining.Train, 1);
        for (int step = 1; step <= 1000; step++)
            statistics.Measure(step);
        Assert.InRange(statistics.Steps.Count, LayerStatistics.MaxSamples / 2, LayerStatistics.MaxSamples);
        Assert.Equal((1, 1000), (statistics.Steps[0], statistics.Steps[^1]));
        Assert.All(statistics.Series, one => Assert.Equal(statistics.Steps.Count, one.Values.Count()));
    }

    private static double Last(LayerStatistics statistics, string kind, string layer) =>
        statistics.Series.Single(one => one.Kind == kind && one.Name == layer).Values.Last();
}

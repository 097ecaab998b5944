using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

public sealed class LearningRateFinderTests
{
    private static readonly ImageDataset s_data = TinyData.Create(100);

    private static LearningRateFinderOptions Options => new()
    {
        BatchSize = 16,
        Steps = 60,
        MinLearningRate = 1e-5f,
        MaxLearningRate = 100,
    };

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    public void The_suggestion_learns_and_lies_before_divergence(string name)
    {
        Model model = TinyData.Net(dropout: 0);
        byte[] before = TinyData.Bits(model);
        LearningRateCurve curve = Find(model, Optimizers.Create(name), Options);
        Assert.Equal(before, TinyData.Bits(model));
        Assert.InRange(curve.Points.Count, 20, 60);
        Assert.NotNull(curve.Suggestion);
        Assert.True(curve.Suggestion < curve.LowestLearningRate, $"{curve.Suggestion}, {curve.LowestLearningRate}");
        // Without a schedule, a third of it.
        FitResult result = new Trainer(model, Optimizers.Create(name, curve.Suggestion / 3))
            .Train(s_data, new FitOptions { Epochs = 20, BatchSize = 16, MaxThreads = 1 });
        double loss = result.Epochs[^1].TrainLoss;
        Assert.True(loss < 0.5 * result.Epochs[0].TrainLoss, $"rate {curve.Suggestion}, loss {loss}");
    }

    [Fact]
    public void The_rates_rise_by_one_factor_and_losses_are_smoothed()
    {
        LearningRateCurve curve = Find(TinyData.Net(dropout: 0), new Sgd(1), Options with { MaxLearningRate = 1e-3f, Steps = 5 });
        Assert.False(curve.Diverged);
        Assert.Equal([1e-5, 3.1623e-5, 1e-4, 3.1623e-4, 1e-3], curve.Points.Select(point => Math.Round(point.LearningRate, 8)),
            (a, b) => Math.Abs(a - b) < 1e-8);
        double average = 0;
        for (int i = 0; i < 5; i++)
        {
            average = (0.9 * average) + (0.1 * curve.Points[i].Loss);
            Assert.Equal(average / (1 - Math.Pow(0.9, i + 1)), curve.Points[i].SmoothedLoss, 1e-6);
        }
    }

    [Fact]
    public void The_curve_has_the_same_bits_at_any_number_of_threads()
    {
        LearningRateCurve one = Find(TinyData.Net(), new Adam(), Options with { MaxThreads = 1 });
        Assert.Equal(one.Points, Find(TinyData.Net(), new Adam(), Options with { MaxThreads = 3 }).Points);
    }

    [Fact]
    public void The_steepest_fall_is_found_and_none_where_nothing_falls()
    {
        Assert.Equal(3, Curve(5, 4.9, 3, 2, 1.9, 4).Suggestion);
        Assert.Equal(5, Curve(5, 4.9, 3, 2, 1.9, 4).LowestLearningRate);
        Assert.Null(Curve(1, 2, 3).Suggestion);
        Assert.Equal(1, Curve(1, 2, 3).LowestLearningRate);
        Assert.Null(Curve().LowestLearningRate);

        static LearningRateCurve Curve(params double[] losses) =>
            new([.. losses.Select((loss, i) => new LearningRatePoint(i + 1, loss, loss))], diverged: false);
    }

    [Fact]
    public void Weights_come_back_when_it_is_cancelled_or_the_loss_is_not_finite()
    {
        Model model = TinyData.Net(dropout: 0);
        byte[] before = TinyData.Bits(model);
        Assert.Throws<OperationCanceledException>(() =>
            LearningRateFinder.Run(model, s_data, new Adam(), Options, new CancellationToken(canceled: true)));
        Assert.Equal(before, TinyData.Bits(model));
        Model linear = new Sequential(new Flatten(), new Dense(16), new Dense(4), new Softmax()).Build(s_data.ImageShape, seed: 1);
        before = TinyData.Bits(linear);
        LearningRateCurve curve = Find(linear, new Sgd(1),
            Options with { MaxLearningRate = 3e38f, Steps = 10, DivergenceFactor = float.PositiveInfinity });
        Assert.True(curve.Diverged);
        Assert.InRange(curve.Points.Count, 1, 9);
        Assert.All(curve.Points, point => Assert.True(double.IsFinite(point.SmoothedLoss)));
        Assert.Equal(before, TinyData.Bits(linear));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.StartsWith("LearningRateFinder: MaxLearningRate is 1E-05; expected a finite number above 1E-05, the smallest.",
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                Find(TinyData.Net(), new Adam(), Options with { MaxLearningRate = 1e-5f })).Message, StringComparison.Ordinal);
        Assert.StartsWith("LearningRateFinder: Steps is 2; expected at least 3.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Find(TinyData.Net(), new Adam(), Options with { Steps = 2 })).Message,
            StringComparison.Ordinal);
        Model other = new Sequential(new Flatten(), new Dense(4), new Softmax()).Build(new Shape(5, 5, 1));
        Assert.StartsWith("LearningRateFinder: the samples have the shape [8, 6, 1]",
            Assert.Throws<ShapeException>(() => Find(other, new Adam(), Options)).Message, StringComparison.Ordinal);
    }

    private static LearningRateCurve Find(Model model, Optimizer optimizer, LearningRateFinderOptions options) =>
        LearningRateFinder.Run(model, s_data, optimizer, options, TestContext.Current.CancellationToken);
}

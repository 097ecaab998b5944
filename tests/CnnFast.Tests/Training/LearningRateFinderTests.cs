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

    [Theory]
    [InlineData("regression", "adam")]
    [InlineData("regression", "sgd")]
    [InlineData("line", "adam")]
    [InlineData("labels", "adam")]
    [InlineData("labels", "sgd")]
    [InlineData("pictures", "adam")]
    [InlineData("pictures", "sgd")]
    public void With_defaults_the_suggestion_is_near_the_best_of_a_grid(string task, string optimizer)
    {
        double[] suggestions = [.. Enumerable.Range(1, 5).Select(seed => Math.Log10(
            LearningRateFinder.Run(Net(task, seed), Task(task, seed), Optimizers.Create(optimizer, 1e-3f),
                new LearningRateFinderOptions { Loss = LossOf(task), Seed = (ulong)seed, MaxThreads = 1 },
                TestContext.Current.CancellationToken).Suggestion!.Value))];

        // What trains well: where what is left of the loss is near the least that a rate of the grid leaves.
        (double Rate, double Loss)[] grid = [.. Enumerable.Range(-10, 12).Select(half => half / 2.0)
            .Select(rate => (rate, FinalLoss(task, optimizer, rate)))];
        double enough = grid.Min(point => point.Loss) + (0.02 * grid[0].Loss);
        double[] good = [.. grid.Where(point => point.Loss <= enough).Select(point => point.Rate)];
        Assert.All(suggestions, suggestion => Assert.InRange(good.Min(rate => Math.Abs(suggestion - rate)), 0, 1));
    }

    [Fact]
    public void A_net_that_starts_far_off_gets_a_rate_that_trains_it()
    {
        // The grid has its best at 3e-3 for Adam.
        ImageDataset digits = DigitDataset.LoadEmbedded().Train;
        foreach (ulong seed in new ulong[] { 1, 2, 3, 4, 5 })
        {
            LearningRateCurve curve = LearningRateFinder.Run(ModelPresets.Tutorial.Build(digits, seed), digits, new Adam(),
                new LearningRateFinderOptions { Seed = seed }, TestContext.Current.CancellationToken);
            Assert.InRange(curve.Suggestion!.Value, 3e-4f, 3e-2f);
        }
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
        Assert.Null(Curve().Suggestion);
        Assert.Equal(4, Curve(1, 0.9, 0.5, -1, -2, 3).Suggestion);

        // A fall of the first two batches is noise: a tenth of the steps is left out.
        double[] noisy = [.. Enumerable.Range(0, 40).Select(i => i < 4 ? 7 - (2 * i) : i < 20 ? 2.3 : Math.Max(2.3 - ((i - 20) * 0.1), 1))];
        Assert.InRange(Curve(noisy).Suggestion!.Value, 20, 34);
        Assert.InRange(Curve(noisy).LowestLearningRate!.Value, 33, 35);

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

    private static MeanSquaredError? LossOf(string task) => task is "regression" or "line" ? new MeanSquaredError() : null;

    private static double FinalLoss(string task, string optimizer, double rate)
    {
        try
        {
            var trainer = new Trainer(Net(task, 1), Optimizers.Create(optimizer, (float)Math.Pow(10, rate)), LossOf(task));
            return trainer.Train(Task(task, 1), new FitOptions { Epochs = 30, Seed = 1, MaxThreads = 1 }).Epochs[^1].TrainLoss;
        }
        catch (NotFiniteNumberException)
        {
            return double.PositiveInfinity;
        }
    }

    private static Model Net(string task, int seed) => task switch
    {
        "line" => new Sequential(new Dense(1)).Build(new Shape(4), (ulong)seed),
        "labels" => new Sequential(new Dense(32, Activation.ReLU), new Dense(3), new Sigmoid()).Build(new Shape(4), (ulong)seed),
        "pictures" => TinyData.Net((ulong)seed, dropout: 0),
        _ => new Sequential(new Dense(32, Activation.ReLU), new Dense(32, Activation.ReLU), new Dense(1)).Build(new Shape(4), (ulong)seed),
    };

    private static IDataset Task(string task, int seed)
    {
        if (task == "pictures")
            return TinyData.Create(500, (ulong)seed);
        var random = new SeededRandom((ulong)seed);
        float[] x = [.. Enumerable.Range(0, 4 * 500).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        float[][] rows = [.. x.Chunk(4)];
        return task == "labels"
            ? new ArrayDataset(new Shape(4), x, new Shape(3),
                [.. rows.SelectMany(row => new[] { 0, 1, 2 }.Select(k => row[k] + row[k + 1] > 0 ? 1f : 0))])
            : new ArrayDataset(new Shape(4), x, new Shape(1),
                [.. rows.Select(row => row[0] - (2 * row[1]) + (0.5f * row[2]) + (task == "line" ? 0 : row[3] * row[0]))]);
    }

    private static LearningRateCurve Find(Model model, Optimizer optimizer, LearningRateFinderOptions options) =>
        LearningRateFinder.Run(model, s_data, optimizer, options, TestContext.Current.CancellationToken);
}

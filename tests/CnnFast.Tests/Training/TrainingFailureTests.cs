using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>What ends a training does so in one sentence, and the training can go on as if it had not.</summary>
public sealed class TrainingFailureTests
{
    private static readonly IDataset s_data = MeasuredData.Create(45, weighted: true);

    private static readonly FitOptions s_options = new()
    {
        Epochs = 3,
        BatchSize = 8,
        AccumulationBatches = 4,
        Seed = 3,
        Validation = MeasuredData.Create(20, seed: 2),
        OtherValidations = [new ValidationSet("night", MeasuredData.Create(9, seed: 5))],
        Metrics = [new MeanAbsoluteErrorMetric(), new Accuracy()],
        Monitor = new MonitoredFigure("night/loss", LargerIsBetter: false),
        EarlyStopping = new EarlyStopping(patience: 2),
        Schedule = new ReduceOnPlateauSchedule { Patience = 0 },
        WeightAverage = new WeightAverage(0.8f),
        Clipping = new GradientClipping { MaxNorm = 1 },
        RestoreBest = true,
        MaxThreads = 1,
    };

    public static TheoryData<string> Calls => ["batch 1", "batch 4", "batch 6", "batch 7", "batch 12", "epoch 1", "epoch 3", "best"];

    [Theory]
    [InlineData(float.NaN, null, null, null, "BatchLoader: value 1 of input 2 of sample 17 is NaN; expected finite numbers.")]
    [InlineData(float.PositiveInfinity, null, null, null, "BatchLoader: value 1 of input 2 of sample 17 is Infinity; expected finite")]
    [InlineData(null, float.NaN, null, null, "BatchLoader: value 0 of target 2 of sample 17 is NaN; expected finite numbers.")]
    [InlineData(null, null, 3, null, "label 3")]
    [InlineData(null, null, -1, null, "label -1")]
    [InlineData(null, null, null, float.NaN, "BatchLoader: value 0 of weight 1 of sample 17 is NaN; expected finite numbers.")]
    public void A_sample_that_is_none_ends_the_training_and_the_rest_can_follow(float? input, float? value, int? label, float? weight,
        string message)
    {
        Model model = MeasuredData.Net(), whole = MeasuredData.Net();
        var trainer = new Trainer(model, new Adam(0.01f), MeasuredData.Losses);
        var spoiled = new MeasuredData.Spoiled(s_data, 17, input, value, label, weight);
        Exception error = Assert.ThrowsAny<Exception>(() => trainer.Train(spoiled, s_options));
        Assert.True(error is NotFiniteNumberException or ArgumentOutOfRangeException, error.ToString());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        AssertGoesOn(trainer, whole);
        Assert.Throws(error.GetType(), () => TinyData.Evaluate(model, spoiled, new EvaluationOptions { Losses = MeasuredData.Losses }));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_callback_that_throws_ends_the_training_and_the_rest_can_follow(string call)
    {
        var trainer = new Trainer(MeasuredData.Net(), new Adam(0.01f), MeasuredData.Losses);
        Assert.Equal(call, Assert.Throws<InvalidOperationException>(() =>
            trainer.Train(s_data, s_options with { Callbacks = [new Thrower(call)] })).Message);
        if (call == "best")
            Assert.False(trainer.IsInterrupted);
        else
            AssertGoesOn(trainer, MeasuredData.Net());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_validation_that_is_cancelled_is_measured_later(int epoch)
    {
        using var stop = new CancellationTokenSource();
        using var folder = new TemporaryFolder();
        var first = new Trainer(MeasuredData.Net(), new Adam(0.01f), MeasuredData.Losses);
        int runs = 0;
        var cancelling = new Watched(MeasuredData.Create(9, seed: 5), () =>
        {
            if (++runs == (2 * epoch) - 1)
                stop.Cancel();
        });
        FitOptions options = s_options with { OtherValidations = [new ValidationSet("night", cancelling)] };
        FitResult result = first.Fit(s_data, options with { Checkpoints = new CheckpointOptions(folder["c"]) },
            cancellationToken: stop.Token);
        Assert.True(result.Cancelled);
        Assert.Null(result.Epochs[^1].Validation);
        Assert.Equal((epoch, epoch - 1), (result.Epochs.Count, first.Epochs));
        AssertGoesOn(first, MeasuredData.Net());

        var second = new Trainer(MeasuredData.Net(), new Adam(0.01f), MeasuredData.Losses);
        second.LoadCheckpoint(folder["c"]);
        AssertGoesOn(second, MeasuredData.Net());
    }

    [Fact]
    public void A_fit_after_one_that_was_cancelled_begins_an_epoch_of_its_own()
    {
        FitOptions options = s_options with { EarlyStopping = null, Schedule = new ConstantSchedule() };
        using var stop = new CancellationTokenSource();
        var trainer = new Trainer(MeasuredData.Net(), new Adam(0.01f), MeasuredData.Losses);
        FitResult first = trainer.Fit(s_data, options with { Callbacks = [new At(7, stop.Cancel)] }, cancellationToken: stop.Token);
        Assert.Equal((true, 3L, 1), (first.Cancelled, first.Steps, first.Epochs.Count));
        FitResult second = trainer.Train(s_data, options);
        Assert.Equal((false, 6L, 3, 5), (second.Cancelled, second.Steps, second.Epochs.Count, trainer.Epochs));
        Assert.Equal([1, 2, 3], second.Epochs.Select(epoch => epoch.Epoch));
        Assert.False(trainer.IsInterrupted);
    }

    [Fact]
    public void Options_that_are_refused_leave_an_interrupted_training_as_it_is()
    {
        var trainer = new Trainer(MeasuredData.Net(), new Adam(0.01f), MeasuredData.Losses);
        using var stop = new CancellationTokenSource();
        trainer.Fit(s_data, s_options with { Callbacks = [new At(4, stop.Cancel)] }, cancellationToken: stop.Token);
        FitOptions[] bad =
        [
            s_options with { Monitor = new MonitoredFigure("night/lost", true) },
            s_options with { Monitor = new MonitoredFigure("day/loss", true) },
            s_options with { OtherValidations = [new ValidationSet("night", TinyData.Create(4))] },
            s_options with { OtherValidations = [new ValidationSet("train", MeasuredData.Create(4))] },
            s_options with { Validation = null, Monitor = MonitoredFigure.ValidationLoss },
            s_options with { Normalization = default(Normalization) },
        ];
        foreach (FitOptions options in bad)
        {
            Exception error = Assert.ThrowsAny<Exception>(() => trainer.Train(s_data, options));
            Assert.True(error is ArgumentException or ShapeException, error.ToString());
            Assert.StartsWith("Trainer.Fit", error.Message, StringComparison.Ordinal);
        }

        AssertGoesOn(trainer, MeasuredData.Net());
    }

    [Fact]
    public void A_fit_that_cannot_start_leaves_what_the_last_one_left()
    {
        Model model = MeasuredData.Net(), whole = MeasuredData.Net();
        var trainer = new Trainer(model, new Adam(0.01f), MeasuredData.Losses);
        FitOptions options = s_options with { RestoreBest = false, EarlyStopping = null };
        trainer.Train(s_data, options);
        byte[] averages = TinyData.Bits(model);
        Assert.Throws<InvalidOperationException>(() => trainer.Train(s_data, options with { Callbacks = [new NeverStarts()] }));
        Assert.Throws<InvalidOperationException>(() =>
            trainer.Train(s_data, options with { WeightAverage = null, Callbacks = [new NeverStarts()] }));
        Assert.Equal(averages, TinyData.Bits(model));
        Assert.False(trainer.IsInterrupted);
        trainer.Train(s_data, options);
        var other = new Trainer(whole, new Adam(0.01f), MeasuredData.Losses);
        other.Train(s_data, options);
        other.Train(s_data, options);
        Assert.Equal(TinyData.Bits(whole), TinyData.Bits(model));
    }

    [Fact]
    public void Names_that_no_class_can_have_are_refused_before_the_first_step()
    {
        Model model = MeasuredData.Net();
        byte[] before = TinyData.Bits(model);
        var trainer = new Trainer(model, new Adam(0.01f), MeasuredData.Losses);
        Assert.StartsWith("Trainer.Fit: IDataset.ClassNames: the name of class 1 is ", Assert.Throws<ArgumentException>(() =>
            trainer.Train(new Named(s_data, ["a", "", "c"]), s_options)).Message, StringComparison.Ordinal);
        Assert.Equal(before, TinyData.Bits(model));
        Assert.Equal(0, trainer.Steps);
    }

    [Fact]
    public void An_input_that_overflows_in_a_normalisation_is_told_and_its_statistics_stay_finite()
    {
        foreach (int accumulation in new[] { 1, 2 })
        {
            Model model = new Sequential(new Rescaling(1e25f), new BatchNormalization(name: "bn"), new Flatten(), new Dense(4))
                .Build(new Shape(8, 6, 1));
            byte[] before = TinyData.Bits(model);
            NotFiniteNumberException error = Assert.Throws<NotFiniteNumberException>(() => new Trainer(model, new Sgd(0.01f))
                .Train(TinyData.Create(20), new FitOptions { BatchSize = 5, AccumulationBatches = accumulation }));
            Assert.Contains("'bn", error.Message, StringComparison.Ordinal);
            Assert.StartsWith("Trainer.Fit: ", error.Message, StringComparison.Ordinal);
            Assert.Equal(before, TinyData.Bits(model));
        }
    }

    [Fact]
    public void Statistics_of_the_second_use_of_a_layer_are_looked_at_as_well()
    {
        var x = new Input(8, 6, 1);
        var shared = new BatchNormalization(name: "bn");
        ModelNode second = shared.Apply(new Rescaling(1e25f).Apply(x));
        ModelNode sum = new Add().Apply(shared.Apply(x), new Rescaling(0).Apply(new ReLU().Apply(new Tanh().Apply(second))));
        Model model = Model.Build(x, new Dense(4).Apply(new Flatten().Apply(sum)));
        byte[] before = TinyData.Bits(model);
        Assert.Contains("bn", Assert.Throws<NotFiniteNumberException>(() =>
            new Trainer(model, new Sgd(0.01f)).Train(TinyData.Create(20))).Message, StringComparison.Ordinal);
        Assert.Equal(before, TinyData.Bits(model));
    }

    [Fact]
    public void A_failed_step_can_be_taken_again_with_a_smaller_rate()
    {
        ImageDataset data = TinyData.Create(40);
        var options = new FitOptions { Epochs = 2, BatchSize = 8, MaxThreads = 1, Schedule = new Jump(at: 3) };
        Model model = TinyData.Net(), whole = TinyData.Net();
        var trainer = new Trainer(model, new Adam(0.01f));
        Assert.Throws<InvalidOperationException>(() => trainer.Train(data, options));
        Assert.Equal(3, trainer.Steps);
        FitResult rest = trainer.Resume(data, options with { Schedule = new ConstantSchedule() },
            cancellationToken: TestContext.Current.CancellationToken);
        new Trainer(whole, new Adam(0.01f)).Train(data, options with { Schedule = new ConstantSchedule() });
        Assert.Equal(TinyData.Bits(whole), TinyData.Bits(model));
        Assert.Equal(10, rest.Steps);
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_the_data()
    {
        Model large = MeasuredData.Net(), exact = MeasuredData.Net();
        IDataset data = MeasuredData.Create(13);
        foreach ((Model model, int batch) in new[] { (large, 1000), (exact, 13) })
            new Trainer(model, new Adam(0.01f), MeasuredData.Losses).Train(data, s_options with { BatchSize = batch });
        Assert.Equal(TinyData.Bits(exact), TinyData.Bits(large));
    }

    [Fact]
    public void A_class_without_a_sample_is_trained_and_counted()
    {
        ImageDataset data = TinyData.Create(60);
        int[] three = [.. Enumerable.Range(0, 60).Where(i => data.GetLabel(i) != 2)];
        Model model = TinyData.Net();
        FitResult result = new Trainer(model, new Adam(0.01f)).Train(data.Subset(three), new FitOptions
        {
            Epochs = 5,
            BatchSize = 16,
            Validation = data.Subset(three),
            Metrics = [new MacroF1(), new MeanIoU()],
        });
        Assert.All(result.Epochs[^1].Validation!.Metrics.Values, value => Assert.InRange(value, 0, 1));
        Assert.True(result.Epochs[^1].TrainLoss < result.Epochs[0].TrainLoss);
    }

    // What was interrupted comes to the bits of one that was not.
    private static void AssertGoesOn(Trainer trainer, Model whole)
    {
        FitResult expected = new Trainer(whole, new Adam(0.01f), MeasuredData.Losses).Train(s_data, s_options);
        Assert.True(trainer.IsInterrupted);
        FitResult result = trainer.Resume(s_data, s_options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TinyData.Bits(whole), TinyData.Bits(trainer.Model));
        Assert.Equal((expected.Steps, expected.BestEpoch, expected.StoppedEarly), (result.Steps, result.BestEpoch, result.StoppedEarly));
        Assert.Equal(expected.Epochs.Select(Figures), result.Epochs.Select(Figures));
        Assert.Equal(expected.Epochs.Count, trainer.Epochs);
    }

    private static string Figures(EpochResult epoch) => string.Join(" ", EpochFigures.Of(epoch)
        .Where(figure => figure.Key is not ("seconds" or "samples_per_second")).Select(figure => $"{figure.Key}={figure.Value:R}"));

    private sealed class Thrower(string call) : TrainingCallback
    {
        private int _batches;

        public override void OnBatch(in FitProgress progress) => Check($"batch {++_batches}");

        public override void OnEpoch(EpochResult result) => Check($"epoch {result.Epoch}");

        public override void OnFitEnd(FitResult result) => Check("best");

        private void Check(string now)
        {
            if (now == call)
                throw new InvalidOperationException(call);
        }
    }

    private sealed class At(int batch, Action action) : TrainingCallback
    {
        private int _batches;

        public override void OnBatch(in FitProgress progress)
        {
            if (++_batches == batch)
                action();
        }
    }

    private sealed class Jump(long at) : ILearningRateSchedule
    {
        public float FactorAt(in ScheduleStep step) => step.Index == at ? float.NaN : 1;
    }

    private sealed class Watched(IDataset data, Action onFill) : IDataset
    {
        public int Count => data.Count;

        public IReadOnlyList<Shape> Inputs => data.Inputs;

        public IReadOnlyList<TargetInfo> Targets => data.Targets;

        public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
        {
            onFill();
            data.Fill(indices, epoch, batch);
        }
    }

    private sealed class NeverStarts : TrainingCallback
    {
        public override void OnFitStart(FitStart start) => throw new InvalidOperationException("no");
    }

    private sealed class Named(IDataset data, IReadOnlyList<string> names) : IDataset
    {
        public int Count => data.Count;

        public IReadOnlyList<Shape> Inputs => data.Inputs;

        public IReadOnlyList<TargetInfo> Targets => data.Targets;

        public bool HasSampleWeights => data.HasSampleWeights;

        public IReadOnlyList<string> ClassNames => names;

        public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch) => data.Fill(indices, epoch, batch);
    }
}

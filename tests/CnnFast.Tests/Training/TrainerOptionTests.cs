using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Options of Fit together: several outputs and inputs, batches put together, averages, threads, several Fits.</summary>
public sealed class TrainerOptionTests
{
    private static readonly IDataset s_data = MeasuredData.Create(45);

    private static readonly FitOptions s_options = new()
    {
        Epochs = 3,
        BatchSize = 8,
        AccumulationBatches = 4,
        Seed = 3,
        Validation = MeasuredData.Create(20, seed: 2, weighted: true),
        OtherValidations = [new ValidationSet("night", MeasuredData.Create(9, seed: 5))],
        Metrics = [new MeanAbsoluteErrorMetric(), new Accuracy()],
        Schedule = new CosineSchedule(warmUp: 0.1f),
        WeightAverage = new WeightAverage(0.8f),
        Clipping = new GradientClipping { MaxNorm = 1, MaxValue = 0.5f },
        EarlyStopping = new EarlyStopping(patience: 2),
        RestoreBest = true,
        MaxThreads = 1,
    };

    [Theory]
    [InlineData(LossReduction.Mean)]
    [InlineData(LossReduction.Sum)]
    public void Batches_that_are_put_together_are_one_large_batch(LossReduction reduction)
    {
        LossTerm[] losses =
        [
            new(new MeanSquaredError { Reduction = reduction }) { Output = "size", Target = 1, Weight = 0.25f },
            new(new SoftmaxCrossEntropy { Reduction = reduction }) { Output = "kind", Target = 0 },
        ];
        float[] Train(int batch, int accumulation)
        {
            Model model = MeasuredData.Net(dropout: 0, normalized: false);
            var options = new FitOptions { Epochs = 2, BatchSize = batch, AccumulationBatches = accumulation, Seed = 5, MaxThreads = 1 };
            FitResult result = new Trainer(model, new Sgd(0.01f, 0.9f), losses).Train(s_data, options);
            Assert.Equal(8, result.Steps);
            return [.. model.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
        }

        // 12, 12, 12 and 9 samples: the last step has batches of 4, 4 and 1.
        float[] one = Train(12, 1), several = Train(4, 3);
        for (int i = 0; i < one.Length; i++)
            Assert.Equal(one[i], several[i], 2e-5);
    }

    [Fact]
    public void All_options_together_give_the_same_bits_at_any_number_of_threads()
    {
        byte[]? bits = null;
        foreach (int threads in new[] { 1, 2, 8 })
        {
            Model model = MeasuredData.Net();
            new Trainer(model, new AdamW(0.01f), MeasuredData.Losses,
                [new ParameterGroup("dense*") { LearningRateFactor = 0.5f }])
                .Train(MeasuredData.Create(45, weighted: true), s_options with { MaxThreads = threads });
            bits ??= TinyData.Bits(model);
            Assert.Equal(bits, TinyData.Bits(model));
        }
    }

    [Fact]
    public void Batches_of_a_step_tell_the_learning_rate_of_the_step_before()
    {
        var rates = new List<float>();
        new Trainer(MeasuredData.Net(), new Sgd(0.5f), MeasuredData.Losses).Train(s_data,
            new FitOptions { Epochs = 2, BatchSize = 10, AccumulationBatches = 3, Schedule = new StepSchedule(1, 0.5f) },
            new Reports(progress => rates.Add(progress.LearningRate)));
        Assert.Equal([0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.25f, 0.25f, 0.25f], rates);
    }

    [Fact]
    public void A_monitor_has_to_be_a_figure_that_an_epoch_has()
    {
        var data = new ArrayDataset(new Shape(2), new float[8], new Shape(2), new float[8]);
        var trainer = new Trainer(new Sequential(new Dense(2)).Build(new Shape(2)), new Sgd(0.1f), new MeanSquaredError());
        var options = new FitOptions { Validation = data, Metrics = [new RootMeanSquaredError()] };
        foreach (string name in new[] { "train/accuracy", "validation/accuracy", "seconds" })
        {
            Assert.Equal($"Trainer.Fit: the monitor '{name}' is no number of an epoch; expected one of train/loss, validation/loss, " +
                "validation/root_mean_squared_error.", Assert.Throws<ArgumentException>(() =>
                    trainer.Train(data, options with { Monitor = new MonitoredFigure(name, true) })).Message);
        }

        const string Metric = "validation/root_mean_squared_error";
        Assert.Equal($"Trainer.Fit: the monitor '{Metric}' has LargerIsBetter True; expected False of that figure.",
            Assert.Throws<ArgumentException>(() =>
                trainer.Train(data, options with { Monitor = new MonitoredFigure(Metric, true) })).Message);
        Assert.Equal(0, trainer.Steps);
        trainer.Train(data, options with { Monitor = new MonitoredFigure(Metric, false) });
    }

    [Fact]
    public void A_step_on_one_thread_allocates_nothing()
    {
        var watch = new Watch();
        FitOptions options = s_options with { Schedule = watch, Epochs = 4, BatchSize = 3, AccumulationBatches = 2 };
        new Trainer(MeasuredData.Net(), new AdamW(0.01f), MeasuredData.Losses).Train(MeasuredData.Create(45, weighted: true), options);
        Assert.Equal(32, watch.Steps);
        Assert.Equal(0, watch.Allocated(8 * 3, 8 * 4));
        var images = new Watch();
        new Trainer(TinyData.Net(), new AdamW(0.01f)).Train(TinyData.Create(48), new FitOptions
        {
            Epochs = 4,
            BatchSize = 6,
            MaxThreads = 1,
            Schedule = images,
            Augmentation = new Augmentation(new RandomAffine { MaxShift = 1 }),
            Clipping = new GradientClipping { MaxNorm = 1 },
        });
        Assert.Equal(0, images.Allocated(8 * 3, 8 * 4));
    }

    [Fact]
    public void Metrics_are_of_every_output_once_and_what_the_evaluator_says()
    {
        Model model = MeasuredData.Net();
        FitOptions options = s_options with { WeightAverage = null, RestoreBest = false, EarlyStopping = null };
        FitResult result = new Trainer(model, new Adam(0.01f), MeasuredData.Losses).Train(s_data, options);
        EvaluationResult night = result.Epochs[^1].OtherValidations["night"], day = result.Epochs[^1].Validation!;
        Assert.Equal(["size.mean_absolute_error", "kind.accuracy"], night.Metrics.Keys);
        Assert.Equal(3, night.Losses.Count);
        Assert.Equal(night.Metrics["size.mean_absolute_error"], night.Losses[2], 1e-6);
        Assert.Equal((0.25 * night.Losses[0]) + night.Losses[1] + (0.5 * night.Losses[2]), night.Loss, 1e-6);
        var evaluation = new EvaluationOptions { Losses = MeasuredData.Losses, Metrics = options.Metrics, BatchSize = 8, MaxThreads = 2 };
        Assert.Equal(night.Loss, TinyData.Evaluate(model, options.OtherValidations[0].Data, evaluation).Loss);
        Assert.Equal(day.Loss, TinyData.Evaluate(model, options.Validation!, evaluation).Loss);
        Assert.Contains("two are named 'accuracy'", Assert.Throws<ArgumentException>(() => TinyData.Evaluate(model, s_data,
            evaluation with { Metrics = [new Accuracy(), new Accuracy()] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_average_of_weights_is_what_a_model_holds_after_a_fit_and_after_a_checkpoint_of_it()
    {
        using var folder = new TemporaryFolder();
        FitOptions options = s_options with { Epochs = 2, ScheduleEpochs = 4, RestoreBest = false, EarlyStopping = null };
        Model four = MeasuredData.Net(), two = MeasuredData.Net(), read = MeasuredData.Net();
        new Trainer(four, new Adam(0.01f), MeasuredData.Losses).Train(s_data, options with { Epochs = 4 });

        var first = new Trainer(two, new Adam(0.01f), MeasuredData.Losses);
        FitResult half = first.Train(s_data, options);
        EvaluationResult averaged = TinyData.Evaluate(two, options.Validation!,
            new EvaluationOptions { Losses = MeasuredData.Losses, BatchSize = 8 });
        Assert.Equal(half.Epochs[^1].Validation!.Loss, averaged.Loss);
        first.SaveCheckpoint(folder["c"]);
        var second = new Trainer(read, new Adam(0.01f), MeasuredData.Losses);
        second.LoadCheckpoint(folder["c"]);
        Assert.Equal(TinyData.Bits(two), TinyData.Bits(read));
        second.SaveCheckpoint(folder["d"]);
        Assert.Equal(File.ReadAllBytes(folder["c"]), File.ReadAllBytes(folder["d"]));

        first.Train(s_data, options);
        second.Train(s_data, options);
        Assert.Equal(TinyData.Bits(four), TinyData.Bits(two));
        Assert.Equal(TinyData.Bits(four), TinyData.Bits(read));
    }

    [Fact]
    public void The_best_weights_are_those_of_the_epoch_that_is_called_best()
    {
        Model best = MeasuredData.Net(), alone = MeasuredData.Net();
        FitOptions options = s_options with { Epochs = 12, Schedule = new ConstantSchedule() };
        FitResult result = new Trainer(best, new Adam(0.2f), MeasuredData.Losses).Train(s_data, options);
        Assert.True(result.StoppedEarly);
        Assert.Equal(result.Epochs.Count - 2, result.BestEpoch);
        new Trainer(alone, new Adam(0.2f), MeasuredData.Losses).Train(s_data,
            options with { Epochs = result.BestEpoch!.Value, RestoreBest = false, EarlyStopping = null });
        Assert.Equal(TinyData.Bits(alone), TinyData.Bits(best));
    }

    [Fact]
    public void A_layer_that_is_applied_twice_is_trained_as_one_by_both_uses()
    {
        var x = new Input(8, 6, 1);
        var shared = new Conv2D(2, 3, padding: Padding.Same, useBias: false);
        var normal = new BatchNormalization();
        ModelNode once = normal.Apply(shared.Apply(new Conv2D(2, 1).Apply(x)));
        ModelNode both = normal.Apply(shared.Apply(once));
        Model model = Model.Build(x, new Dense(4).Apply(new Flatten().Apply(both)), seed: 2);
        Assert.Equal(9, model.Parameters.Count);
        FitResult result = new Trainer(model, new Adam(0.01f)).Train(TinyData.Create(64), new FitOptions
        {
            Epochs = 6,
            BatchSize = 8,
            AccumulationBatches = 2,
            Clipping = new GradientClipping { MaxNorm = 1 },
        });
        Assert.True(result.Epochs[^1].TrainLoss < 0.5 * result.Epochs[0].TrainLoss, $"loss {result.Epochs[^1].TrainLoss}");
    }

    private sealed class Watch : ILearningRateSchedule
    {
        private readonly long[] _bytes = new long[100];

        public int Steps { get; private set; }

        public float FactorAt(in ScheduleStep at)
        {
            _bytes[Steps++] = GC.GetAllocatedBytesForCurrentThread();
            return 1;
        }

        /// <summary>Bytes between the first and the last step of an epoch.</summary>
        public long Allocated(int first, int end) => _bytes[end - 1] - _bytes[first];
    }

    private sealed class Reports(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }
}

using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Training: it learns, it repeats to the bit, it stops when asked, and says what does not fit.</summary>
public sealed class TrainerTests
{
    private static readonly ImageDataset Data = TinyData.Create(150);

    private static FitOptions Options => new()
    {
        Epochs = 3,
        BatchSize = 16,
        Seed = 9,
        MaxThreads = 1,
        Augmentation = new Augmentation(new RandomAffine { MaxShift = 1, MaxRotation = 15, MaxScale = 0.1f }),
        Schedule = new CosineSchedule(warmUp: 0.1f),
        Validation = TinyData.Create(40, seed: 2),
    };

    public static TheoryData<Optimizer> Optimizers =>
        [new Adam(5e-3f, l2: L2Penalty.Constant(1e-4f)), new Sgd(0.05f, 0.9f, L2Penalty.PerBatch(0.01f))];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_tiny_data_set_is_learned_by_heart(Optimizer optimizer)
    {
        ImageDataset few = Data.Take(32);
        Model model = TinyData.Net(dropout: 0);
        FitResult result = new Trainer(model, optimizer).Train(few, new FitOptions { Epochs = 40, BatchSize = 8, MaxThreads = 1 });
        Assert.Equal(1.0, result.Epochs[^1].TrainAccuracy);
        Assert.True(result.Epochs[^1].TrainLoss < 0.05, $"loss {result.Epochs[^1].TrainLoss}");
        Assert.Equal(160, result.Steps);
        Assert.False(result.Cancelled);
    }

    [Fact]
    public void What_is_learned_holds_for_unseen_images()
    {
        Model model = TinyData.Net();
        FitResult result = new Trainer(model, new Adam(5e-3f)).Train(Data, Options with { Epochs = 15, Augmentation = null });
        EvaluationResult validation = result.Epochs[^1].Validation!;
        Assert.True(validation.Accuracy >= 0.95, $"accuracy {validation.Accuracy}");
        Assert.Equal(validation, TinyData.Evaluate(model, Options.Validation!, new EvaluationOptions { BatchSize = 16, MaxThreads = 1 }));
        EvaluationResult other = TinyData.Evaluate(model, Options.Validation!, new EvaluationOptions { BatchSize = 7, MaxThreads = 3 });
        Assert.Equal(validation.Accuracy, other.Accuracy);
        Assert.Equal(validation.Loss, other.Loss, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void The_same_seed_gives_the_same_bits_at_any_thread_count(Optimizer optimizer)
    {
        byte[]? bits = null;
        IReadOnlyList<double>? losses = null;
        foreach (int threads in new[] { 1, 2, 3, 8, 1 })
        {
            Model model = TinyData.Net();
            FitResult result = new Trainer(model, optimizer).Train(Data, Options with { MaxThreads = threads });
            bits ??= TinyData.Bits(model);
            losses ??= [.. result.Epochs.Select(epoch => epoch.TrainLoss + epoch.Validation!.Loss)];
            Assert.True(bits.AsSpan().SequenceEqual(TinyData.Bits(model)), $"{threads} threads");
            Assert.Equal(losses, result.Epochs.Select(epoch => epoch.TrainLoss + epoch.Validation!.Loss));
        }

        Model other = TinyData.Net();
        new Trainer(other, optimizer).Train(Data, Options with { Seed = 10 });
        Assert.False(bits.AsSpan().SequenceEqual(TinyData.Bits(other)), "another seed must give other weights");
    }

    [Fact]
    public void Work_above_the_grain_of_the_scheduler_repeats_to_the_bit_too()
    {
        ImageDataset digits = DigitDataset.LoadEmbedded().Train.Take(128);
        byte[]? bits = null;
        foreach (int threads in new[] { 1, 2, 3, 8 })
        {
            Model model = ModelPresets.Digits.Build(digits, seed: 3);
            new Trainer(model, ModelPresets.Digits.Optimizer)
                .Train(digits, ModelPresets.Digits.Options with { Epochs = 1, MaxThreads = threads, Seed = 5 });
            bits ??= TinyData.Bits(model);
            Assert.True(bits.AsSpan().SequenceEqual(TinyData.Bits(model)), $"{threads} threads");
        }
    }

    [Fact]
    public void Cancelling_stops_within_one_batch_and_leaves_a_usable_model()
    {
        Model model = TinyData.Net();
        var trainer = new Trainer(model, new Adam());
        using var cancellation = new CancellationTokenSource();
        int reports = 0;
        FitResult result = trainer.Fit(Data, Options, new Reporter(_ =>
        {
            if (++reports == 4)
                cancellation.Cancel();
        }), cancellation.Token);

        Assert.True(result.Cancelled);
        Assert.Equal(4, result.Steps);
        Assert.Equal(4, trainer.Steps);
        Assert.Empty(result.Epochs);
        Assert.All(model.Predict(new float[48]), value => Assert.True(float.IsFinite(value)));
        Assert.False(trainer.Fit(Data, Options with { Epochs = 1 }, cancellationToken: TestContext.Current.CancellationToken).Cancelled);
        Assert.Equal(14, trainer.Steps);
    }

    [Fact]
    public void An_epoch_that_is_cancelled_before_its_validation_still_counts()
    {
        using var cancellation = new CancellationTokenSource();
        FitOptions options = Options with { Schedule = new CancellingSchedule(cancellation, atStep: 9) };
        FitResult result = new Trainer(TinyData.Net(), new Adam()).Fit(Data, options, cancellationToken: cancellation.Token);
        Assert.True(result.Cancelled);
        Assert.Equal(10, result.Steps);
        Assert.Null(Assert.Single(result.Epochs).Validation);
    }

    [Fact]
    public void A_token_that_is_cancelled_already_changes_nothing()
    {
        Model model = TinyData.Net();
        byte[] before = TinyData.Bits(model);
        FitResult result = new Trainer(model, new Adam()).Fit(Data, Options, cancellationToken: new CancellationToken(canceled: true));
        Assert.True(result.Cancelled);
        Assert.Equal(0, result.Steps);
        Assert.Equal(before, TinyData.Bits(model));
        Assert.Throws<OperationCanceledException>(() =>
            Evaluator.Evaluate(model, Data, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Progress_comes_after_every_batch_and_ends_each_epoch_with_its_result()
    {
        var reports = new List<FitProgress>();
        FitResult result = new Trainer(TinyData.Net(), new Adam(0.01f)).Train(Data, Options with { Epochs = 2 }, new Reporter(reports.Add));
        Assert.Equal(20, reports.Count);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (i / 10 + 1, i % 10 + 1)), reports.Select(report => (report.Epoch, report.Batch)));
        Assert.All(reports, report => Assert.Equal((2, 10), (report.Epochs, report.Batches)));
        Assert.Equal(result.Epochs, reports.Where(report => report.Completed is not null).Select(report => report.Completed));
        Assert.Equal(result.Epochs[0].TrainLoss, reports[9].Loss);
        Assert.True(reports[^1].LearningRate < 0.001f && reports[3].LearningRate > 0.005f,
            $"learning rates {reports[3].LearningRate} and {reports[^1].LearningRate}");
    }

    [Fact]
    public void A_frozen_parameter_keeps_its_values_and_the_others_learn()
    {
        Model model = TinyData.Net();
        Parameter frozen = model.Parameters[0];
        frozen.Trainable = false;
        model.Parameters[1].Trainable = false;
        float[] before = frozen.Values.ToArray();
        float[] other = model.Parameters[2].Values.ToArray();
        new Trainer(model, new Adam()).Train(Data, Options with { Epochs = 1 });
        Assert.Equal(before, frozen.Values.ToArray());
        Assert.NotEqual(other, model.Parameters[2].Values.ToArray());
    }

    [Fact]
    public void The_model_remembers_the_normalization_it_was_trained_with()
    {
        Model model = TinyData.Net();
        Normalization normalization = Normalization.FromMeanStd(0.3, 0.2);
        new Trainer(model, new Adam()).Train(Data, Options with { Epochs = 1, Normalization = normalization });
        Assert.Equal(normalization, model.Normalization);
    }

    [Fact]
    public void Without_a_normalization_the_models_own_is_kept_and_used()
    {
        Normalization normalization = Normalization.FromMeanStd(0.3, 0.2);
        Model kept = TinyData.Net();
        kept.Normalization = normalization;
        Model given = TinyData.Net();
        FitResult first = new Trainer(kept, new Adam()).Train(Data, Options with { Epochs = 1 });
        FitResult second = new Trainer(given, new Adam()).Train(Data, Options with { Epochs = 1, Normalization = normalization });
        Assert.Equal(normalization, kept.Normalization);
        Assert.Equal(TinyData.Bits(given), TinyData.Bits(kept));
        Assert.Equal(second.Epochs[0].Validation, first.Epochs[0].Validation);
    }

    [Fact]
    public void A_training_without_a_step_leaves_the_normalization()
    {
        Model model = TinyData.Net();
        FitOptions options = Options with { Normalization = Normalization.FromMeanStd(0.3, 0.2) };
        new Trainer(model, new Adam()).Fit(Data, options, cancellationToken: new CancellationToken(canceled: true));
        Assert.Equal(default, model.Normalization);
        Assert.Throws<InvalidOperationException>(() =>
            new Trainer(model, new Adam()).Train(Data, options with { Schedule = new FixedSchedule(float.NaN) }));
        Assert.Equal(default, model.Normalization);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_further_fit_goes_on_to_the_bit_as_one_long_fit_would(bool augmented)
    {
        FitOptions options = Options with { Schedule = new ConstantSchedule(), Augmentation = augmented ? Options.Augmentation : null };
        Model whole = TinyData.Net();
        new Trainer(whole, new Adam(5e-3f)).Train(Data, options with { Epochs = 3 });
        Model parts = TinyData.Net();
        var trainer = new Trainer(parts, new Adam(5e-3f));
        trainer.Train(Data, options with { Epochs = 1 });
        trainer.Train(Data, options with { Epochs = 2 });
        Assert.Equal(TinyData.Bits(whole), TinyData.Bits(parts));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(-0.5f, "-0.5")]
    public void A_schedule_that_gives_no_factor_is_rejected_before_the_weights_change(float factor, string text)
    {
        Model model = TinyData.Net();
        byte[] before = TinyData.Bits(model);
        Assert.Equal(
            $"Trainer.Fit: the schedule's factor of step 1 of 30 is {text}; expected a finite number of at least 0.",
            Assert.Throws<InvalidOperationException>(() => new Trainer(model, new Adam())
                .Train(Data, Options with { Schedule = new FixedSchedule(factor) })).Message);
        Assert.Equal(before, TinyData.Bits(model));
    }

    [Fact]
    public void A_Softmax_before_views_and_dropout_is_left_to_the_loss()
    {
        Model Net(params Layer[] end) =>
            new Sequential([new Flatten(), new Dense(8, Activation.ReLU), new Dense(4), .. end]).Build(new Shape(8, 6, 1), seed: 4);
        Model plain = Net(new Softmax());
        Model covered = Net(new Softmax(), new Dropout(0.5f), new Flatten());
        FitResult first = new Trainer(plain, new Adam()).Train(Data, Options);
        FitResult second = new Trainer(covered, new Adam()).Train(Data, Options);
        Assert.Equal(TinyData.Bits(plain), TinyData.Bits(covered));
        Assert.Equal(first.Epochs[^1].Validation, second.Epochs[^1].Validation);
    }

    [Fact]
    public void A_Softmax_over_a_part_of_the_classes_is_rejected()
    {
        Model model = new Sequential(new Conv2D(2, (7, 6), name: "rows"), new Softmax(), new Flatten()).Build(new Shape(8, 6, 1));
        Assert.Equal(
            "Trainer.Fit: the output is that of the Softmax 'softmax_1' over rows of 2 values; expected one over all 4 classes.",
            Assert.Throws<ShapeException>(() => new Trainer(model, new Adam()).Train(Data, Options)).Message);
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_training_before_it_spoils_the_weights()
    {
        Model model = TinyData.Net();
        NotFiniteNumberException error = Assert.Throws<NotFiniteNumberException>(() =>
            new Trainer(model, new Sgd(1e30f)).Train(Data, Options));
        Assert.Contains("is the first layer whose values are not; lower the learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Misfits_and_options_out_of_range_are_rejected()
    {
        Model model = TinyData.Net();
        var trainer = new Trainer(model, new Adam());
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Train(Data, Options with { Epochs = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Train(Data, Options with { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Train(Data, Options with { MaxThreads = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Train(Data, Options with { ConvAlgorithm = (ConvAlgorithm)9 }));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            trainer.Train(Data, Options with { Augmentation = new Augmentation(new RandomAffine { MaxShift = -1 }) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TinyData.Evaluate(model, Data, new EvaluationOptions { BatchSize = 0 }));
        ImageDataset digits = DigitDataset.LoadEmbedded().Test;
        Assert.Equal("Trainer.Fit: the samples have the shape [28, 28, 1]; the model expects [8, 6, 1].",
            Assert.Throws<ShapeException>(() => trainer.Train(digits)).Message);
        var three = new ImageDataset(new Shape(8, 6, 1), 3, new byte[48], [2]);
        Assert.Equal(
            "Evaluator: the targets are labels of 3 classes; SoftmaxCrossEntropy of the model's output (N, " +
                "4) takes labels of 4 classes or values [4].",
            Assert.Throws<ShapeException>(() => TinyData.Evaluate(model, three)).Message);
        foreach (Parameter parameter in model.Parameters)
            parameter.Trainable = false;
        Assert.Throws<ArgumentException>(() => trainer.Train(Data, Options));
    }

    private sealed class Reporter(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }

    private sealed class FixedSchedule(float factor) : ILearningRateSchedule
    {
        public float FactorAt(in ScheduleStep at) => factor;
    }

    private sealed class CancellingSchedule(CancellationTokenSource cancellation, long atStep) : ILearningRateSchedule
    {
        public float FactorAt(in ScheduleStep at)
        {
            if (at.Index == atStep)
                cancellation.Cancel();
            return 1;
        }
    }
}

using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Options that contradict each other, or that would do nothing, are refused before a training starts.</summary>
public sealed class FigureCheckTests
{
    private static readonly ImageDataset s_data = TinyData.Create(16);

    private static readonly MonitoredFigure s_f1 = new("validation/macro_f1", LargerIsBetter: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_plateau_looks_in_the_direction_of_its_monitor(bool warm)
    {
        ILearningRateSchedule Schedule(bool largerIsBetter)
        {
            var plateau = new ReduceOnPlateauSchedule { LargerIsBetter = largerIsBetter };
            return warm ? new WarmUpSchedule(plateau, 2) : plateau;
        }

        var options = new FitOptions { Validation = s_data, Schedule = Schedule(false) };
        Fit(options);
        Fit(options with { Monitor = MonitoredFigure.ValidationAccuracy, Schedule = Schedule(true) });
        Refused(options with { Monitor = MonitoredFigure.ValidationAccuracy },
            "Trainer.Fit: the ReduceOnPlateauSchedule has LargerIsBetter False, and the monitor 'validation/accuracy' that it looks at " +
            "has True; expected the same of both.");
        Refused(options with { Schedule = Schedule(true) },
            "Trainer.Fit: the ReduceOnPlateauSchedule has LargerIsBetter True, and the monitor 'validation/loss' that it looks at has " +
            "False; expected the same of both.");
    }

    [Fact]
    public void A_monitor_has_the_direction_of_its_figure()
    {
        var options = new FitOptions { Validation = s_data, Metrics = [new MacroF1()] };
        Fit(options with { Monitor = s_f1 });
        foreach (MonitoredFigure figure in new[] { MonitoredFigure.ValidationLoss, MonitoredFigure.TrainLoss, new("train/accuracy", true) })
        {
            Fit(options with { Monitor = figure });
            Refused(options with { Monitor = figure with { LargerIsBetter = !figure.LargerIsBetter } },
                $"Trainer.Fit: the monitor '{figure.Name}' has LargerIsBetter {!figure.LargerIsBetter}; expected {figure.LargerIsBetter} " +
                "of that figure.");
        }

        Refused(options with { Monitor = s_f1 with { LargerIsBetter = false } },
            "Trainer.Fit: the monitor 'validation/macro_f1' has LargerIsBetter False; expected True of that figure.");
        Assert.Throws<ArgumentException>(() => new Trainer(MeasuredData.Net(), new Adam(), MeasuredData.Losses).Train(
            MeasuredData.Create(9), new FitOptions
            {
                Validation = MeasuredData.Create(9),
                Metrics = [new MeanAbsoluteErrorMetric()],
                Monitor = new MonitoredFigure("validation/size.mean_absolute_error", LargerIsBetter: true),
            }));
    }

    [Fact]
    public void A_metric_that_measures_nothing_is_refused()
    {
        var numbers = new ArrayDataset(new Shape(2), [1, 2, 3, 4], new Shape(1), [1, 2]);
        Model model = new Sequential(new Dense(1)).Build(new Shape(2), seed: 1);
        var trainer = new Trainer(model, new Adam(), new MeanSquaredError());
        Assert.Equal("Trainer.Fit (validation): the metric 'macro_f1' does not apply to the targets, which are values [1], or to the " +
            "model's output; expected one that does.",
            Assert.Throws<ArgumentException>(() =>
                trainer.Train(numbers, new FitOptions { Validation = numbers, Metrics = [new MacroF1()] })).Message);
        Assert.StartsWith("Trainer.Fit (validation 'night'): the metric 'top_2_accuracy' does not apply",
            Assert.Throws<ArgumentException>(() => trainer.Train(numbers, new FitOptions
            {
                OtherValidations = [new ValidationSet("night", numbers)],
                Metrics = [new MeanAbsoluteErrorMetric(), new TopKAccuracy(2)],
            })).Message, StringComparison.Ordinal);
        Assert.StartsWith("Evaluator: the metric 'macro_f1' does not apply", Assert.Throws<ArgumentException>(() =>
            TinyData.Evaluate(model, numbers, new EvaluationOptions { Loss = new MeanSquaredError(), Metrics = [new MacroF1()] })).Message,
            StringComparison.Ordinal);
        Refused(new FitOptions { Metrics = [new MacroF1()] },
            "Trainer.Fit: the metric 'macro_f1' is asked for and there is no Validation to measure; expected one.");
    }

    [Fact]
    public void An_epoch_of_which_nothing_counts_is_refused()
    {
        const string Expected = "Trainer.Fit: no sample of the epoch counts, since all weights of samples or classes are 0 or all labels " +
            "are ignored; expected at least one that does.";
        Assert.Equal(Expected, Assert.Throws<ArgumentException>(() =>
            new Trainer(TinyData.Net(), new Adam()).Train(s_data.WithSampleWeights(new float[16]), new FitOptions())).Message);
        Assert.Equal(Expected, Assert.Throws<ArgumentException>(() =>
            new Trainer(TinyData.Net(), new Adam(), new SoftmaxCrossEntropy { ClassWeights = new float[4] })
                .Train(s_data, new FitOptions())).Message);
        var one = new float[16];
        one[3] = 1;
        new Trainer(TinyData.Net(), new Adam()).Train(s_data.WithSampleWeights(one), new FitOptions { BatchSize = 4 });
    }

    private static void Fit(FitOptions options) => new Trainer(TinyData.Net(), new Adam()).Train(s_data, options);

    private static void Refused(FitOptions options, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Fit(options)).Message);
}

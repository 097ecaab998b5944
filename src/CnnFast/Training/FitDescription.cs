using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// What decides the bits of a Fit beside the samples, their number and the batches, as texts under names: what <see cref="Trainer.Resume"/>
/// holds its options against. Not among them is how long it trains, unless its schedule is spread over that.
/// </summary>
internal static class FitDescription
{
    private const string ScheduleLength = "the schedule's number of epochs";

    /// <summary>The description of a Fit.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(TrainerState state, IDataset data, FitOptions options)
    {
        ModelLosses losses = state.Losses;
        Augmentation? augmentation = options.Augmentation ?? (data as AugmentedImages)?.Augmentation;
        return
        [
            Entry("the optimizer", state.Optimizer.Optimizer),
            Entry("the list of losses", losses.Losses.Select((loss, i) => $"{OptionText.TextOf(loss)} of {losses.OutputNames[i]}, target " +
                $"{losses.Targets[i]}, weight {OptionText.TextOf(losses.Weights[i])}")),
            Entry("the list of parameter groups", state.Optimizer.Groups),
            Entry(nameof(options.Shuffle), options.Shuffle),
            Entry(nameof(options.Schedule), options.Schedule),
            Entry(ScheduleLength, ReadsLength(options.Schedule)
                ? options.ScheduleEpochs > 0 ? options.ScheduleEpochs : options.Epochs
                : null),
            Entry(nameof(options.Clipping), options.Clipping),
            Entry(nameof(options.WeightAverage), options.WeightAverage),
            Entry(nameof(options.Monitor), options.MonitorOrDefault),
            Entry(nameof(options.RestoreBest), options.RestoreBest),
            Entry(nameof(options.Normalization), ImageInputs.AreImages(data)
                ? ImageInputs.NormalizationOf(data, options.Normalization, losses.Model)
                : null),
            Entry(nameof(options.Augmentation), augmentation),
            Entry(nameof(options.ConvAlgorithm), options.ConvAlgorithm),
        ];
    }

    /// <summary>Whether an entry says how large steps are: what has to change after one that came to no finite numbers.</summary>
    public static bool IsOfSteps(string name) =>
        name is nameof(FitOptions.Schedule) or ScheduleLength or nameof(FitOptions.Clipping);

    // Those that go by epochs or steps alone stay the same where a training becomes longer; of a user's own nothing is known.
    private static bool ReadsLength(ILearningRateSchedule schedule) => schedule switch
    {
        ConstantSchedule or StepSchedule or MultiStepSchedule or ExponentialSchedule or CosineRestartsSchedule
            or ReduceOnPlateauSchedule => false,
        WarmUpSchedule warmUp => ReadsLength(warmUp.Next),
        _ => true,
    };

    private static KeyValuePair<string, string> Entry(string name, object? value) => new(name, OptionText.TextOf(value));
}

namespace CnnFast.Training;

/// <summary>An epoch in a checkpoint.</summary>
internal sealed record CheckpointEpoch
{
    public required int Epoch { get; init; }

    public required double TrainLoss { get; init; }

    public required double? TrainAccuracy { get; init; }

    public required double Seconds { get; init; }

    public required double SamplesPerSecond { get; init; }

    public required float LearningRate { get; init; }

    public required CheckpointEvaluation? Validation { get; init; }

    public required Dictionary<string, CheckpointEvaluation> Others { get; init; }

    public static CheckpointEpoch Of(EpochResult epoch) => new()
    {
        Epoch = epoch.Epoch,
        TrainLoss = epoch.TrainLoss,
        TrainAccuracy = epoch.TrainAccuracy,
        Seconds = epoch.Seconds,
        SamplesPerSecond = epoch.SamplesPerSecond,
        LearningRate = epoch.LearningRate,
        Validation = epoch.Validation is null ? null : CheckpointEvaluation.Of(epoch.Validation),
        Others = epoch.OtherValidations.ToDictionary(pair => pair.Key, pair => CheckpointEvaluation.Of(pair.Value)),
    };

    public EpochResult ToResult() => new(Epoch, TrainLoss, TrainAccuracy, Validation?.ToResult(), Seconds, SamplesPerSecond)
    {
        LearningRate = LearningRate,
        OtherValidations = Others.ToDictionary(pair => pair.Key, pair => pair.Value.ToResult()),
    };
}

namespace CnnFast.Training;

/// <summary>A measurement in a checkpoint.</summary>
internal sealed record CheckpointEvaluation
{
    public required double Loss { get; init; }

    public required double? Accuracy { get; init; }

    public required int Count { get; init; }

    public required Dictionary<string, double> Metrics { get; init; }

    public required double[] Losses { get; init; }

    public static CheckpointEvaluation Of(EvaluationResult result) => new()
    {
        Loss = result.Loss,
        Accuracy = result.Accuracy,
        Count = result.Count,
        Metrics = new Dictionary<string, double>(result.Metrics),
        Losses = [.. result.Losses],
    };

    public EvaluationResult ToResult() => new(Loss, Accuracy, Count) { Metrics = Metrics, Losses = Losses };
}

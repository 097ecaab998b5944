namespace CnnFast.Training;

/// <summary>What a checkpoint holds beside tensors, as JSON.</summary>
internal sealed record CheckpointState
{
    public required string Optimizer { get; init; }

    public required string[]? OptimizerTensors { get; init; }

    public required long Steps { get; init; }

    public required int Epochs { get; init; }

    public required long AverageSteps { get; init; }

    public required bool IsOpen { get; init; }

    public required long FirstStep { get; init; }

    public required double? FirstEpoch { get; init; }

    public required int Batch { get; init; }

    public required int Samples { get; init; }

    public required int? Correct { get; init; }

    public required int Counted { get; init; }

    public required float Factor { get; init; }

    public required double[] LossSums { get; init; }

    public required double[] LossWeights { get; init; }

    public required EpochResult[] Results { get; init; }

    public required double[] Metrics { get; init; }

    public required int BestEpoch { get; init; }

    public required ulong Seed { get; init; }

    public required int BatchSize { get; init; }

    public required int Accumulation { get; init; }

    public required int Count { get; init; }

    public required KeyValuePair<string, string>[] Description { get; init; }

    public required double Seconds { get; init; }

    public required float AverageDecay { get; init; }

    public required bool AverageWarmUp { get; init; }

    public required double[] NormalizationScales { get; init; }

    public required double[] NormalizationOffsets { get; init; }

    public required string[]? ClassNames { get; init; }

    public required string[] Frozen { get; init; }
}

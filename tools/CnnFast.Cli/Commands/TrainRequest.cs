using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary>One training, as asked for.</summary>
internal sealed record TrainRequest
{
    public required ModelPreset Preset { get; init; }

    public required string Data { get; init; }

    /// <summary>How many images of the training set, from its first; null for all.</summary>
    public required int? TrainCount { get; init; }

    public required Optimizer Optimizer { get; init; }

    /// <summary>Everything but the validation images.</summary>
    public required FitOptions Fit { get; init; }

    public required string Out { get; init; }

    public required bool Resume { get; init; }
}

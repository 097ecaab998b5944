using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary>One training, as asked for.</summary>
internal sealed record TrainRequest
{
    public required ModelPreset Preset { get; init; }

    public required string Data { get; init; }

    /// <summary>How many classes IDX files have; null for the usual ten.</summary>
    public required int? Classes { get; init; }

    /// <summary>Height and width of pictures; null for the usual ones.</summary>
    public required (int H, int W)? Size { get; init; }

    /// <summary>How many images of the training set, from its first; null for all.</summary>
    public required int? TrainCount { get; init; }

    /// <summary>The part of the training images that is kept for validation, 0 for none.</summary>
    public required double Validation { get; init; }

    /// <summary>Whether the caller asked for what needs a validation: more than the defaults.</summary>
    public required bool AsksForValidation { get; init; }

    /// <summary>Whether pictures that cannot be read are left out.</summary>
    public required bool SkipUnreadable { get; init; }

    /// <summary>The model to start from; null for random weights.</summary>
    public required string? From { get; init; }

    /// <summary>The layer after which that model is cut; null for the one before its last filter.</summary>
    public required string? Cut { get; init; }

    /// <summary>What of that model is trained; null for nothing.</summary>
    public required string? Unfreeze { get; init; }

    public required Optimizer Optimizer { get; init; }

    /// <summary>Everything but the validation images.</summary>
    public required FitOptions Fit { get; init; }

    public required string Out { get; init; }

    public required bool Resume { get; init; }

    public required string? Log { get; init; }

    public required string? TensorBoard { get; init; }

    /// <summary>The page of the training; null for none.</summary>
    public required string? Report { get; init; }

    /// <summary>The port of the page that is followed while training, 0 for a free one; null for none.</summary>
    public required int? Live { get; init; }

    /// <summary>Where the state of the training is saved while it goes on.</summary>
    public static string CheckpointOf(string path) => Path.ChangeExtension(path, ".checkpoint");
}

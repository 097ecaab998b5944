namespace CnnFast.Training;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainLoss">Mean loss of the training samples, each measured before the step that it took part in,
/// dropout and shifts included; of several losses their weighted sum.</param>
/// <param name="TrainAccuracy">Part of them that was classified right, 0 to 1; null where the targets are no labels.</param>
/// <param name="Validation">Loss and accuracy on the validation samples after the epoch; null when there are none or
/// training was cancelled before.</param>
/// <param name="Seconds">Time of the epoch, validation included.</param>
/// <param name="SamplesPerSecond">Training samples a second, validation left out.</param>
public sealed record EpochResult(int Epoch, double TrainLoss, double? TrainAccuracy, EvaluationResult? Validation, double Seconds,
    double SamplesPerSecond)
{
    /// <summary>The learning rate of the last step.</summary>
    public float LearningRate { get; init; }

    /// <summary>What was measured on <see cref="FitOptions.OtherValidations"/>, by their names.</summary>
    public IReadOnlyDictionary<string, EvaluationResult> OtherValidations { get; init; } = new Dictionary<string, EvaluationResult>();
}

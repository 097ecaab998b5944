namespace CnnFast.Training;

/// <summary>What a training came to.</summary>
/// <param name="Epochs">The epochs that were completed.</param>
/// <param name="Cancelled">Whether it was cancelled; the model then holds the weights of the last completed step.</param>
/// <param name="Steps">Steps (batches) that changed the weights.</param>
/// <param name="Seconds">Time in all, validation included.</param>
/// <param name="SamplesPerSecond">Training samples a second, validation left out.</param>
public sealed record FitResult(IReadOnlyList<EpochResult> Epochs, bool Cancelled, long Steps, double Seconds, double SamplesPerSecond);

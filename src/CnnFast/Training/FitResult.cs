namespace CnnFast.Training;

/// <summary>What a training came to.</summary>
/// <param name="Epochs">The epochs that were completed.</param>
/// <param name="Cancelled">Whether it was cancelled; the model then holds the weights of the last completed step.</param>
/// <param name="Steps">Steps (batches) that changed the weights.</param>
/// <param name="Seconds">Time in all, validation included.</param>
/// <param name="SamplesPerSecond">Training samples a second, validation left out.</param>
public sealed record FitResult(IReadOnlyList<EpochResult> Epochs, bool Cancelled, long Steps, double Seconds, double SamplesPerSecond)
{
    /// <summary>The epoch whose <see cref="FitOptions.Monitor"/> was best, from 1; null before the first.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Whether <see cref="EarlyStopping"/> ended it.</summary>
    public bool StoppedEarly { get; init; }
}

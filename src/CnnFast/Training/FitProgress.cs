namespace CnnFast.Training;

/// <summary>Where a training stands after a batch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">The epochs in all.</param>
/// <param name="Batch">Batches of this epoch that are done, from 1.</param>
/// <param name="Batches">Batches of an epoch.</param>
/// <param name="Loss">Mean loss of this epoch's samples so far, each measured before the step that it took part in.</param>
/// <param name="Accuracy">Part of this epoch's samples so far that were classified right, 0 to 1; null where the
/// targets are no labels.</param>
/// <param name="LearningRate">The learning rate of the last step; 0 before the first.</param>
/// <param name="SamplesPerSecond">Training samples a second in this epoch.</param>
/// <param name="Completed">The epoch's result, validation included, in the last report of an epoch; else null.</param>
public readonly record struct FitProgress(int Epoch, int Epochs, int Batch, int Batches, double Loss, double? Accuracy, float LearningRate,
    double SamplesPerSecond, EpochResult? Completed)
{
    /// <summary>
    /// Steps that changed the weights so far, those of earlier Fits included. Of batches whose gradients are put together
    /// (<see cref="FitOptions.AccumulationBatches"/>) only the last counts one.
    /// </summary>
    public long Step { get; init; }

    /// <summary>The loss of the last batch.</summary>
    public double BatchLoss { get; init; }

    /// <summary>The time that the batches still to come will take at this speed, validation left out.</summary>
    public TimeSpan Remaining { get; init; }

    /// <summary>The norm of the gradients at the last step before it was limited; null where <see cref="FitOptions.Clipping"/> has no
    /// norm.</summary>
    public double? GradientNorm { get; init; }
}

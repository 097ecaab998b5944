namespace CnnFast.Training;

/// <summary>
/// Where and when <see cref="Trainer.Fit"/> saves its whole state, so that a process that ends at any moment loses little:
/// <see cref="Trainer.LoadCheckpoint"/> and <see cref="Trainer.Resume"/> go on to the same bits. Immutable.
/// </summary>
/// <param name="Path">The file of the last checkpoint, replaced in one step.</param>
public sealed record CheckpointOptions(string Path)
{
    /// <summary>A checkpoint is saved after so many steps, beside the one after every epoch; 0, the default, for none.</summary>
    public int EverySteps { get; init; }

    /// <summary>A checkpoint is saved within an epoch when so much time has passed since the last; five minutes unless it was
    /// set.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many of the best epochs of a Fit, by <see cref="FitOptions.Monitor"/>, keep a checkpoint of their own: <c>PATH.epoch-N</c>,
    /// where N counts the epochs of all Fits of the trainer. 0, the default, keeps the last alone.
    /// </summary>
    public int KeepBest { get; init; }
}

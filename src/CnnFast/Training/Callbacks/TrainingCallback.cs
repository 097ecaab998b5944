namespace CnnFast.Training;

/// <summary>
/// Follows a training, such as to log it. Methods are called on the thread that trains, between its steps; what they throw ends the
/// training. One object follows one training at a time.
/// </summary>
public abstract class TrainingCallback
{
    /// <summary>Called before the first step.</summary>
    /// <param name="start">What is to come.</param>
    public virtual void OnFitStart(FitStart start)
    {
    }

    /// <summary>Called after every batch, the last one of an epoch included.</summary>
    /// <param name="progress">Where the training stands.</param>
    public virtual void OnBatch(in FitProgress progress)
    {
    }

    /// <summary>Called after every epoch, its validation included.</summary>
    /// <param name="result">What the epoch came to.</param>
    public virtual void OnEpoch(EpochResult result)
    {
    }

    /// <summary>Called after the last epoch or a cancellation; not where an exception ends the training.</summary>
    /// <param name="result">What the training came to.</param>
    public virtual void OnFitEnd(FitResult result)
    {
    }
}

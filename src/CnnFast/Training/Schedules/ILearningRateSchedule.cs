namespace CnnFast.Training;

/// <summary>
/// How the learning rate changes during a training. Implementations are immutable and depend on nothing but their argument, so that a
/// training that is continued, in a further Fit or from a checkpoint, goes on where it was.
/// </summary>
public interface ILearningRateSchedule
{
    /// <summary>What the optimizer's learning rate is multiplied by.</summary>
    /// <param name="at">The step that is about to be made.</param>
    /// <returns>The factor: finite, at least 0.</returns>
    float FactorAt(in ScheduleStep at);
}

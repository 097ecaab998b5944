namespace CnnFast.Training;

/// <summary>
/// How the learning rate changes during a training. Implementations are immutable and depend on nothing but their arguments.
/// </summary>
public interface ILearningRateSchedule
{
    /// <summary>What the optimizer's learning rate is multiplied by.</summary>
    /// <param name="stepIndex">The step (batch) of this training, from 0.</param>
    /// <param name="totalSteps">The steps that this training has.</param>
    /// <returns>The factor: finite, at least 0.</returns>
    float FactorAt(long stepIndex, long totalSteps);
}

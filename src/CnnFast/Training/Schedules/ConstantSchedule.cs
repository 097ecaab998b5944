namespace CnnFast.Training;

/// <summary>The learning rate stays as it is.</summary>
public sealed class ConstantSchedule : ILearningRateSchedule
{
    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at) => 1;
}

namespace CnnFast.Training;

/// <summary>The learning rate stays as it is.</summary>
public sealed class ConstantSchedule : ILearningRateSchedule
{
    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => nameof(ConstantSchedule);

    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at) => 1;
}

namespace CnnFast.Training;

/// <summary>The learning rate times a factor at every epoch or step, as PyTorch's ExponentialLR: factor^t.</summary>
public sealed class ExponentialSchedule : ILearningRateSchedule
{
    private readonly double _factor;
    private readonly ScheduleUnit _unit;

    /// <summary>Sets the schedule.</summary>
    /// <param name="factor">The factor: above 0, at most 1.</param>
    /// <param name="unit">What is counted.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public ExponentialSchedule(float factor, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        ScheduleCheck.Require(factor is > 0 and <= 1, nameof(ExponentialSchedule), nameof(factor), factor, "above 0, at most 1");
        ScheduleCheck.Unit(nameof(ExponentialSchedule), unit);
        _factor = factor;
        _unit = unit;
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, ("factor", _factor), ("unit", _unit));

    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at) => (float)StableMath.Power(_factor, at.Count(_unit));
}

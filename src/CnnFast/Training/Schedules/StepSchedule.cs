namespace CnnFast.Training;

/// <summary>The learning rate times a factor again and again, as PyTorch's StepLR: factor^⌊t / every⌋.</summary>
public sealed class StepSchedule : ILearningRateSchedule
{
    private readonly int _every;
    private readonly double _factor;
    private readonly ScheduleUnit _unit;

    /// <summary>Sets the schedule.</summary>
    /// <param name="every">After how many epochs or steps the factor comes: at least 1.</param>
    /// <param name="factor">The factor: above 0, at most 1.</param>
    /// <param name="unit">What is counted.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public StepSchedule(int every, float factor = 0.1f, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        ScheduleCheck.Require(every >= 1, nameof(StepSchedule), nameof(every), every, "at least 1");
        ScheduleCheck.Require(factor is > 0 and <= 1, nameof(StepSchedule), nameof(factor), factor, "above 0, at most 1");
        ScheduleCheck.Unit(nameof(StepSchedule), unit);
        _every = every;
        _factor = factor;
        _unit = unit;
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, ("every", _every), ("factor", _factor), ("unit", _unit));

    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at) => (float)StableMath.Power(_factor, at.Count(_unit) / _every);
}

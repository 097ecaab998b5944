namespace CnnFast.Training;

/// <summary>The learning rate times a factor at milestones, as PyTorch's MultiStepLR: factor^(milestones that lie behind).</summary>
public sealed class MultiStepSchedule : ILearningRateSchedule
{
    private readonly int[] _milestones;
    private readonly double _factor;
    private readonly ScheduleUnit _unit;

    /// <summary>Sets the schedule.</summary>
    /// <param name="milestones">After how many epochs or steps the factor comes: rising, at least 1.</param>
    /// <param name="factor">The factor: above 0, at most 1.</param>
    /// <param name="unit">What is counted.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public MultiStepSchedule(IReadOnlyList<int> milestones, float factor = 0.1f, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        int last = 0;
        foreach (int milestone in milestones)
        {
            ScheduleCheck.Require(milestone > last, nameof(MultiStepSchedule), nameof(milestones), milestone,
                FormattableString.Invariant($"above {last}, as they rise"));
            last = milestone;
        }

        ScheduleCheck.Require(factor is > 0 and <= 1, nameof(MultiStepSchedule), nameof(factor), factor, "above 0, at most 1");
        ScheduleCheck.Unit(nameof(MultiStepSchedule), unit);
        _milestones = [.. milestones];
        _factor = factor;
        _unit = unit;
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, ("milestones", _milestones), ("factor", _factor), ("unit", _unit));

    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at)
    {
        long count = at.Count(_unit);
        int passed = 0;
        while (passed < _milestones.Length && _milestones[passed] <= count)
            passed++;
        return (float)StableMath.Power(_factor, passed);
    }
}

namespace CnnFast.Training;

/// <summary>
/// A straight rise over the first steps, then another schedule, which begins where the rise ends, as PyTorch's SequentialLR of a LinearLR
/// and another one. During the rise the factor is the other schedule's first one times start + (1 − start)·t / length.
/// </summary>
public sealed class WarmUpSchedule : ILearningRateSchedule
{
    private readonly ILearningRateSchedule _next;
    private readonly int _length;
    private readonly ScheduleUnit _unit;
    private readonly double _start;

    /// <summary>Sets the schedule.</summary>
    /// <param name="next">What follows; its steps, epochs and total are counted from the end of the rise on.</param>
    /// <param name="length">The steps or epochs of the rise: at least 1.</param>
    /// <param name="unit">What the length is counted in; the rise goes on within an epoch either way.</param>
    /// <param name="startFactor">The factor of the first step: above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public WarmUpSchedule(ILearningRateSchedule next, int length, ScheduleUnit unit = ScheduleUnit.Step, float startFactor = 1f / 3)
    {
        ArgumentNullException.ThrowIfNull(next);
        ScheduleCheck.Require(length >= 1, nameof(WarmUpSchedule), nameof(length), length, "at least 1");
        ScheduleCheck.Require(startFactor is > 0 and <= 1, nameof(WarmUpSchedule), nameof(startFactor), startFactor, "above 0, at most 1");
        ScheduleCheck.Unit(nameof(WarmUpSchedule), unit);
        _next = next;
        _length = length;
        _unit = unit;
        _start = startFactor;
    }

    /// <summary>What comes after the rise.</summary>
    internal ILearningRateSchedule Next => _next;

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, ("next", _next), ("length", _length), ("unit", _unit), ("start", _start));

    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at)
    {
        double t = _unit == ScheduleUnit.Step ? at.Steps : at.Epochs;
        long steps = _unit == ScheduleUnit.Step ? _length : _length * at.StepsPerEpoch;
        double epochs = _unit == ScheduleUnit.Epoch ? _length : (double)_length / at.StepsPerEpoch;
        float next = _next.FactorAt(at with
        {
            Index = Math.Max(at.Index - steps, 0),
            Steps = Math.Max(at.Steps - steps, 0),
            Total = Math.Max(at.Total - steps, 1),
            Epochs = Math.Max(at.Epochs - epochs, 0),
        });
        return t >= _length ? next : (float)(next * (_start + ((1 - _start) * t / _length)));
    }
}

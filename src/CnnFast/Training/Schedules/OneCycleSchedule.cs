namespace CnnFast.Training;

/// <summary>
/// One rise and one fall over the whole training (Smith and Topin 2018), as PyTorch's OneCycleLR with two phases: from
/// 1 / startDivisor up to 1, the optimizer's own learning rate, then down to 1 / (startDivisor·endDivisor). The momentum stays as it is,
/// as with <c>cycle_momentum=False</c>.
/// </summary>
public sealed class OneCycleSchedule : ILearningRateSchedule
{
    private readonly double _rise;
    private readonly double _start;
    private readonly double _end;
    private readonly bool _linear;

    /// <summary>Sets the schedule.</summary>
    /// <param name="rise">The part of all steps that the rise takes: above 0, below 1.</param>
    /// <param name="startDivisor">What the learning rate is divided by at the first step: finite, at least 1.</param>
    /// <param name="endDivisor">What that of the first step is divided by at the last: finite, at least 1.</param>
    /// <param name="linear">Whether both phases are straight lines; else each is half a cosine.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public OneCycleSchedule(float rise = 0.3f, float startDivisor = 25, float endDivisor = 1e4f, bool linear = false)
    {
        const string Who = nameof(OneCycleSchedule);
        ScheduleCheck.Require(rise is > 0 and < 1, Who, nameof(rise), rise, "above 0, below 1");
        ScheduleCheck.Require(startDivisor >= 1 && float.IsFinite(startDivisor), Who, nameof(startDivisor), startDivisor,
            "a finite number of at least 1");
        ScheduleCheck.Require(endDivisor >= 1 && float.IsFinite(endDivisor), Who, nameof(endDivisor), endDivisor,
            "a finite number of at least 1");

        // As a decimal, so that the top falls on the step that one expects: 0.3f is a little more than 0.3.
        _rise = (double)(decimal)rise;
        _start = 1.0 / startDivisor;
        _end = _start / endDivisor;
        _linear = linear;
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, ("rise", _rise), ("start", _start), ("end", _end), ("linear", _linear));

    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at)
    {
        double top = (_rise * at.Total) - 1, last = at.Total - 1;
        return at.Index <= top && top > 0
            ? Between(_start, 1, at.Index / top)
            : Between(1, _end, Math.Clamp((at.Index - top) / Math.Max(last - top, 1e-9), 0, 1));
    }

    private float Between(double from, double to, double part) => (float)(_linear
        ? from + ((to - from) * part)
        : to + ((from - to) * 0.5 * (1 + StableMath.CosTurns(part * 0.5))));
}

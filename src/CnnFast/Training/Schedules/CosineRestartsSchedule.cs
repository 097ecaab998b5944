namespace CnnFast.Training;

/// <summary>
/// Half a cosine from 1 down to a final factor, again and again, each longer than the one before (SGDR: Loshchilov and Hutter 2017), as
/// PyTorch's CosineAnnealingWarmRestarts that is stepped with every batch: final + (1 − final)·½(1 + cos(π·t / T)).
/// </summary>
public sealed class CosineRestartsSchedule : ILearningRateSchedule
{
    private readonly int _period;
    private readonly int _multiplier;
    private readonly double _final;
    private readonly ScheduleUnit _unit;

    /// <summary>Sets the schedule.</summary>
    /// <param name="period">The epochs or steps T of the first fall: at least 1.</param>
    /// <param name="multiplier">How many times as long every next one is: at least 1.</param>
    /// <param name="finalFactor">The factor at the end of a fall: from 0 to 1.</param>
    /// <param name="unit">What the period is counted in; the fall goes on within an epoch either way.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public CosineRestartsSchedule(int period, int multiplier = 1, float finalFactor = 0, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        const string Who = nameof(CosineRestartsSchedule);
        ScheduleCheck.Require(period >= 1, Who, nameof(period), period, "at least 1");
        ScheduleCheck.Require(multiplier >= 1, Who, nameof(multiplier), multiplier, "at least 1");
        ScheduleCheck.Require(finalFactor is >= 0 and <= 1, Who, nameof(finalFactor), finalFactor, "0 to 1");
        ScheduleCheck.Unit(Who, unit);
        _period = period;
        _multiplier = multiplier;
        _final = finalFactor;
        _unit = unit;
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, ("period", _period), ("multiplier", _multiplier), ("final", _final),
        ("unit", _unit));

    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at)
    {
        double t = _unit == ScheduleUnit.Step ? at.Steps : at.Epochs;
        double period = _period;
        if (_multiplier == 1)
            t -= Math.Floor(t / period) * period;
        else
        {
            for (; t >= period; period *= _multiplier)
                t -= period;
        }

        return (float)(_final + ((1 - _final) * 0.5 * (1 + StableMath.CosTurns(Math.Clamp(t / period, 0, 1) * 0.5))));
    }
}

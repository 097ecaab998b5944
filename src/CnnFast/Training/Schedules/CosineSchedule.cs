namespace CnnFast.Training;

/// <summary>
/// A straight rise over the first steps, then half a cosine from 1 down to a final factor:
/// final + (1 − final)·½(1 + cos(π·t)), t from 0 to 1 (Loshchilov and Hutter 2017).
/// </summary>
public sealed class CosineSchedule : ILearningRateSchedule
{
    private readonly double _warmUp;
    private readonly double _final;

    /// <summary>Sets the schedule.</summary>
    /// <param name="warmUp">The part of all steps that the rise takes: at least 0, below 1.</param>
    /// <param name="finalFactor">The factor at the end: from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public CosineSchedule(float warmUp = 0, float finalFactor = 0)
    {
        ScheduleCheck.Require(warmUp is >= 0 and < 1, nameof(CosineSchedule), nameof(warmUp), warmUp, "at least 0 and below 1");
        ScheduleCheck.Require(finalFactor is >= 0 and <= 1, nameof(CosineSchedule), nameof(finalFactor), finalFactor, "0 to 1");
        _warmUp = warmUp;
        _final = finalFactor;
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, ("warmUp", _warmUp), ("final", _final));

    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at)
    {
        double rise = _warmUp * at.Total;
        if (at.Index < rise)
            return (float)((at.Index + 1) / (rise + 1));
        double t = Math.Clamp((at.Index - rise) / Math.Max(at.Total - rise, 1), 0, 1);
        return (float)(_final + ((1 - _final) * 0.5 * (1 + StableMath.CosTurns(t * 0.5))));
    }
}

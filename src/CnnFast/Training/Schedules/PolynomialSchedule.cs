namespace CnnFast.Training;

/// <summary>
/// A power of the steps that are left, as PyTorch's PolynomialLR over the whole training: final + (1 − final)·(1 − t / T)^power.
/// </summary>
public sealed class PolynomialSchedule : ILearningRateSchedule
{
    private readonly double _power;
    private readonly double _final;

    /// <summary>Sets the schedule.</summary>
    /// <param name="power">The power: finite, above 0; 1 is a straight line.</param>
    /// <param name="finalFactor">The factor after the last step: from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public PolynomialSchedule(float power = 1, float finalFactor = 0)
    {
        ScheduleCheck.Require(power > 0 && float.IsFinite(power), nameof(PolynomialSchedule), nameof(power), power,
            "a finite number above 0");
        ScheduleCheck.Require(finalFactor is >= 0 and <= 1, nameof(PolynomialSchedule), nameof(finalFactor), finalFactor, "0 to 1");
        _power = power;
        _final = finalFactor;
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, ("power", _power), ("final", _final));

    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at)
    {
        double left = Math.Max(1 - ((double)at.Index / at.Total), 0);
        return (float)(_final + ((1 - _final) * StableMath.Power(left, _power)));
    }
}

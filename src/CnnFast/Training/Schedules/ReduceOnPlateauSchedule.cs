namespace CnnFast.Training;

/// <summary>
/// The learning rate times a factor when a metric has not improved for some epochs, as PyTorch's ReduceLROnPlateau. It is computed anew
/// from all metrics so far (<see cref="ScheduleStep.Metrics"/>), so that a training that is continued needs nothing but them. Immutable.
/// </summary>
public sealed record ReduceOnPlateauSchedule : ILearningRateSchedule
{
    /// <summary>What the learning rate is multiplied by: above 0, below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float Factor
    {
        get;
        init => field = Checked(nameof(Factor), value, value is > 0 and < 1, "above 0, below 1");
    }

    = 0.1f;

    /// <summary>How many epochs in a row may pass without improvement; the next one reduces. At least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int Patience
    {
        get;
        init => field = (int)Checked(nameof(Patience), value, value >= 0, "at least 0");
    }

    = 10;

    /// <summary>How much better is an improvement: finite, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float Threshold
    {
        get;
        init => field = Checked(nameof(Threshold), value, value >= 0 && float.IsFinite(value), "a finite number of at least 0");
    }

    = 1e-4f;

    /// <summary>Whether the threshold is a difference; false, the default, means a part of the best value.</summary>
    public bool IsAbsolute { get; init; }

    /// <summary>Whether larger values are better, such as an accuracy; false, the default, is for losses.</summary>
    public bool LargerIsBetter { get; init; }

    /// <summary>How many epochs after a reduction do not count: at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int Cooldown
    {
        get;
        init => field = (int)Checked(nameof(Cooldown), value, value >= 0, "at least 0");
    }

    /// <summary>The smallest factor in all: 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float MinFactor
    {
        get;
        init => field = Checked(nameof(MinFactor), value, value is >= 0 and <= 1, "0 to 1");
    }

    /// <inheritdoc/>
    public float FactorAt(in ScheduleStep at)
    {
        double factor = 1, best = LargerIsBetter ? double.NegativeInfinity : double.PositiveInfinity;
        int bad = 0, cooling = 0;
        foreach (double metric in at.Metrics)
        {
            bool better = IsBetter(metric, best);
            best = better ? metric : best;
            bad = better ? 0 : bad + 1;
            if (cooling > 0)
            {
                cooling--;
                bad = 0;
            }

            if (bad > Patience)
            {
                factor = Math.Max(factor * Factor, MinFactor);
                cooling = Cooldown;
                bad = 0;
            }
        }

        return (float)factor;
    }

    // From no value at all everything but NaN is better.
    private bool IsBetter(double metric, double best)
    {
        if (double.IsInfinity(best))
            return LargerIsBetter ? metric > best : metric < best;
        double margin = IsAbsolute ? Threshold : Threshold * best;
        return LargerIsBetter ? metric > best + margin : metric < best - margin;
    }

    private static float Checked(string option, float value, bool holds, string expected)
    {
        ScheduleCheck.Require(holds, nameof(ReduceOnPlateauSchedule), option, value, expected);
        return value;
    }
}

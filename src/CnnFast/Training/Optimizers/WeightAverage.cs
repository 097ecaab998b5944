namespace CnnFast.Training;

/// <summary>
/// An exponential moving average of the weights beside those that are trained, which often evaluates better: after every step
/// a = d·a + (1 − d)·w (Polyak and Juditsky 1992), for all parameters, moving statistics included. Immutable.
/// </summary>
public sealed record WeightAverage
{
    /// <summary>Sets the average.</summary>
    /// <param name="decay">How much of the average stays at a step: at least 0, below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is out of range.</exception>
    public WeightAverage(float decay = 0.999f)
    {
        if (!(decay is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(decay),
                FormattableString.Invariant($"WeightAverage: decay is {decay}; expected at least 0 and below 1."));
        Decay = decay;
    }

    /// <summary>How much of the average stays at a step.</summary>
    public float Decay { get; }

    /// <summary>
    /// Whether the decay rises as min(<see cref="Decay"/>, (1 + t) / (10 + t)) with t averaged steps before, so that the random start is
    /// forgotten soon; true unless it was set to false.
    /// </summary>
    public bool WarmUp { get; init; } = true;

    /// <summary>How much stays at a step.</summary>
    internal float DecayAt(long step) => WarmUp ? Math.Min(Decay, (float)((1.0 + step) / (10.0 + step))) : Decay;
}

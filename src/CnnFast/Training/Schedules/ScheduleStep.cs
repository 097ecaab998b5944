namespace CnnFast.Training;

/// <summary>
/// Where a training is when a schedule is asked for a factor: before which step of how many, in which epoch, and what was measured at the
/// ends of the epochs before.
/// </summary>
public readonly record struct ScheduleStep
{
    /// <summary>Sets the place by steps.</summary>
    /// <param name="index">
    /// The step (batch), from 0; steps of the same training before it count, those of earlier Fits too: where their epochs had another
    /// number of steps, as many as <paramref name="stepsPerEpoch"/> would make of them.
    /// </param>
    /// <param name="total">The steps that are planned, at least 1: those before this Fit and those of it, unless more are planned.</param>
    /// <param name="stepsPerEpoch">The steps of an epoch, at least 1.</param>
    /// <param name="metrics">One value an epoch that was completed, such as the loss of the validation samples; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ScheduleStep(long index, long total, long stepsPerEpoch = 1, IReadOnlyList<double>? metrics = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        Index = index;
        Steps = index;
        Total = total;
        StepsPerEpoch = stepsPerEpoch;
        Epochs = (double)index / stepsPerEpoch;
        Metrics = metrics ?? [];
    }

    /// <summary>The place among <see cref="Total"/>, from 0, in steps of the epochs as they are now.</summary>
    public long Index { get; init; }

    /// <summary>
    /// The steps that were made: <see cref="Index"/> unless epochs of earlier Fits had another number of steps. What is counted in steps
    /// (<see cref="ScheduleUnit.Step"/>) is counted by it.
    /// </summary>
    public long Steps { get; init; }

    /// <summary>The steps that are planned.</summary>
    public long Total { get; init; }

    /// <summary>The steps of an epoch.</summary>
    public long StepsPerEpoch { get; init; }

    /// <summary>The epochs that lie behind, with the part of the epoch under way; set where epochs had other numbers of steps.</summary>
    public double Epochs { get; init; }

    /// <summary>One value an epoch that was completed, the first first.</summary>
    public IReadOnlyList<double> Metrics { get; init; }

    /// <summary>The whole steps or epochs that lie behind.</summary>
    /// <param name="unit">What is counted.</param>
    /// <returns>The number.</returns>
    public long Count(ScheduleUnit unit) => unit == ScheduleUnit.Step ? Steps : (long)Epochs;
}

namespace CnnFast.Training;

/// <summary>
/// Ends a training when <see cref="FitOptions.Monitor"/> has not become better for some epochs. It looks at the results so far alone, so
/// that a training that goes on from a checkpoint stops where it would have. Immutable.
/// </summary>
public sealed record EarlyStopping
{
    /// <summary>Sets the rule.</summary>
    /// <param name="patience">How many epochs in a row may pass without improvement, at least 1; after the last of them training
    /// ends.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="patience"/> is below 1.</exception>
    public EarlyStopping(int patience) => Patience = patience >= 1
        ? patience
        : throw new ArgumentOutOfRangeException(nameof(patience), patience,
            $"EarlyStopping: patience is {patience}; expected at least 1.");

    /// <summary>How many epochs in a row may pass without improvement.</summary>
    public int Patience { get; }

    /// <summary>By how much a number has to be better to count: finite, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public double MinDelta
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MinDelta),
                FormattableString.Invariant($"EarlyStopping: MinDelta is {value}; expected a finite number of at least 0."));
    }

    /// <summary>Whether training ends after these epochs.</summary>
    internal bool Ends(MonitoredFigure monitor, IReadOnlyList<EpochResult> epochs)
    {
        double best = double.NaN;
        int without = 0;
        foreach (EpochResult epoch in epochs)
        {
            double value = monitor.Of(epoch);
            bool better = monitor.IsBetter(value, best, double.IsNaN(best) ? 0 : MinDelta);
            best = better ? value : best;
            without = better ? 0 : without + 1;
        }

        return without >= Patience;
    }
}

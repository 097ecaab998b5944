namespace CnnFast.Training;

/// <summary>
/// The number of an epoch that tells which epoch is best: a name of <see cref="EpochFigures"/> and a direction. Immutable.
/// </summary>
/// <param name="Name">The name, such as <c>validation/loss</c> or <c>train/accuracy</c>.</param>
/// <param name="LargerIsBetter">Whether a larger number is better.</param>
public sealed record MonitoredFigure(string Name, bool LargerIsBetter)
{
    /// <summary>The loss of the validation samples.</summary>
    public static MonitoredFigure ValidationLoss { get; } = new("validation/loss", LargerIsBetter: false);

    /// <summary>The accuracy on the validation samples.</summary>
    public static MonitoredFigure ValidationAccuracy { get; } = new("validation/accuracy", LargerIsBetter: true);

    /// <summary>The loss of the training samples.</summary>
    public static MonitoredFigure TrainLoss { get; } = new("train/loss", LargerIsBetter: false);

    /// <summary>Whether a number is better than another by more than a difference; everything is better than NaN.</summary>
    internal bool IsBetter(double value, double than, double difference = 0) =>
        !double.IsNaN(value) && (double.IsNaN(than) || (LargerIsBetter ? value > than + difference : value < than - difference));

    /// <summary>The number of an epoch.</summary>
    /// <exception cref="ArgumentException">The epoch has no such number.</exception>
    internal double Of(EpochResult epoch)
    {
        IReadOnlyList<KeyValuePair<string, double>> figures = EpochFigures.Of(epoch);
        foreach ((string name, double value) in figures)
        {
            if (name == Name)
                return value;
        }

        throw new ArgumentException($"Trainer.Fit: the monitor '{Name}' is no number of an epoch; expected one of " +
            $"{string.Join(", ", figures.Select(figure => figure.Key).Where(name => name.Contains('/')))}.");
    }
}

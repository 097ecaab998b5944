namespace CnnFast.Training;

/// <summary>What an epoch has added up so far.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Start">When it began, as a timestamp.</param>
internal readonly record struct EpochSums(int Epoch, long Start)
{
    public int Batches { get; private init; }

    public int Samples { get; private init; }

    public LossSum Loss { get; private init; }

    public int? Correct { get; private init; } = 0;

    public float Factor { get; private init; }

    public double MeanLoss => Loss.Mean;

    /// <summary>Null where the targets are no labels.</summary>
    public double? Accuracy => (double?)Correct / Math.Max(Samples, 1);

    /// <summary>The sums with one batch more.</summary>
    public EpochSums Add(int samples, LossSum loss, int? correct, float factor) => this with
    {
        Batches = Batches + 1,
        Samples = Samples + samples,
        Loss = Loss.Add(loss),
        Correct = Correct + correct,
        Factor = factor,
    };
}

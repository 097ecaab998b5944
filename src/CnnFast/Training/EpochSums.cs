namespace CnnFast.Training;

/// <summary>What an epoch has added up so far.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Start">When it began, as a timestamp.</param>
internal readonly record struct EpochSums(int Epoch, long Start)
{
    public int Batches { get; private init; }

    public int Images { get; private init; }

    public double Loss { get; private init; }

    public int Correct { get; private init; }

    public float Factor { get; private init; }

    public double MeanLoss => Loss / Math.Max(Images, 1);

    public double Accuracy => (double)Correct / Math.Max(Images, 1);

    /// <summary>The sums with one batch more.</summary>
    public EpochSums Add(int images, double loss, int correct, float factor) => this with
    {
        Batches = Batches + 1,
        Images = Images + images,
        Loss = Loss + loss,
        Correct = Correct + correct,
        Factor = factor,
    };
}

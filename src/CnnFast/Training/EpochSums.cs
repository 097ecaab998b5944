namespace CnnFast.Training;

/// <summary>What an epoch has added up so far.</summary>
/// <param name="weights">What each loss is multiplied by.</param>
internal sealed class EpochSums(float[] weights)
{
    private readonly LossSum[] _losses = new LossSum[weights.Length];

    /// <summary>Batches so far.</summary>
    public int Batches { get; set; }

    /// <summary>Samples so far.</summary>
    public int Samples { get; set; }

    /// <summary>Samples that were classified right; null where the targets are no labels.</summary>
    public int? Correct { get; set; } = 0;

    /// <summary>Samples whose label counts: all but those that the loss leaves out.</summary>
    public int Counted { get; set; }

    /// <summary>The schedule's factor of the last step, in whatever epoch; 0 before the first.</summary>
    public float Factor { get; set; }

    /// <summary>The weighted loss of the last batch.</summary>
    public double BatchLoss { get; private set; }

    /// <summary>What each loss adds up to.</summary>
    public Span<LossSum> Losses => _losses;

    /// <summary>The weighted sum of the mean losses.</summary>
    public double MeanLoss
    {
        get
        {
            double loss = 0;
            for (int i = 0; i < weights.Length; i++)
                loss += weights[i] * _losses[i].Mean;
            return loss;
        }
    }

    /// <summary>Null where the targets are no labels.</summary>
    public double? Accuracy => Samples == 0 ? Correct : (double?)Correct / Counted;

    /// <summary>Starts an epoch.</summary>
    public void Clear()
    {
        _losses.AsSpan().Clear();
        (Batches, Samples, Correct, Counted, BatchLoss) = (0, 0, 0, 0, 0);
    }

    /// <summary>Counts a batch whose losses are there.</summary>
    public void Add(int samples, ReadOnlySpan<LossSum> losses, int? correct, int counted)
    {
        BatchLoss = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            _losses[i] = _losses[i].Add(losses[i]);
            BatchLoss += weights[i] * losses[i].Mean;
        }

        Batches++;
        Samples += samples;
        Correct += correct;
        Counted += counted;
    }

    /// <summary>Takes over what another has.</summary>
    public void CopyFrom(EpochSums other)
    {
        other._losses.CopyTo(_losses, 0);
        (Batches, Samples, Correct, Counted) = (other.Batches, other.Samples, other.Correct, other.Counted);
        (Factor, BatchLoss) = (other.Factor, other.BatchLoss);
    }
}

namespace CnnFast.Training;

/// <summary>
/// Where a Fit stands after its last step: with the tensors of the trainer all that is needed to go on with it. Belongs to one trainer.
/// </summary>
internal sealed class FitPosition(float[] lossWeights)
{
    private readonly List<EpochResult> _epochs = [];
    private readonly List<double> _metrics = [];

    /// <summary>Whether a Fit was started and has not ended: cancelled, failed, or read from a checkpoint of its midst.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Steps of the trainer before this Fit.</summary>
    public long FirstStep { get; set; }

    /// <summary>
    /// Epochs of the trainer before this Fit, by their steps: those that were interrupted count for a part.
    /// </summary>
    public double FirstEpoch { get; set; }

    /// <summary>Batches of the epoch under way that took part in a step.</summary>
    public int Batch { get; set; }

    /// <summary>What the epoch under way has added up.</summary>
    public EpochSums Sums { get; } = new(lossWeights);

    /// <summary>The epochs of this Fit that were completed.</summary>
    public List<EpochResult> Epochs => _epochs;

    /// <summary>The monitored number of every epoch of the training, of earlier Fits too.</summary>
    public List<double> Metrics => _metrics;

    /// <summary>The best of this Fit's epochs, from 0; −1 before the first.</summary>
    public int BestEpoch { get; set; } = -1;

    /// <summary>What decides the order of the samples: the same for all of a Fit.</summary>
    public ulong Seed { get; set; }

    /// <summary>Samples of a batch.</summary>
    public int BatchSize { get; set; }

    /// <summary>Batches of a step.</summary>
    public int Accumulation { get; set; }

    /// <summary>Samples of the data set.</summary>
    public int Count { get; set; }

    /// <summary>What else decides the bits of this Fit; none where a checkpoint of format version 1 does not say it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Description { get; set; } = [];

    /// <summary>Whether an exception ended this Fit, in this process: it may go on with smaller steps then.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Seconds of this Fit in earlier processes.</summary>
    public double Seconds { get; set; }

    /// <summary>Steps of an epoch of this Fit.</summary>
    public long StepsPerEpoch => Count < 1 || BatchSize < 1 || Accumulation < 1 ? 1 : ((Count - 1) / BatchSize / Accumulation) + 1;

    /// <summary>Begins a Fit.</summary>
    public void Begin(FitOptions options, int count, long steps, IReadOnlyList<KeyValuePair<string, string>> description)
    {
        FirstEpoch += (steps - FirstStep) / (double)StepsPerEpoch;
        (IsOpen, FirstStep, Batch, BestEpoch, Seconds) = (true, steps, 0, -1, 0);
        (Seed, BatchSize, Accumulation, Count) = (options.Seed, options.BatchSize, options.AccumulationBatches, count);
        (Description, HasFailed) = (description, false);
        Sums.Clear();
        Epochs.Clear();
    }

    /// <summary>Throws unless a Fit with other options would go on as this one.</summary>
    /// <exception cref="ArgumentException">It would not.</exception>
    public void RequireSame(FitOptions options, int count, IReadOnlyList<KeyValuePair<string, string>> description)
    {
        Require("Seed", Seed, options.Seed);
        Require("BatchSize", BatchSize, options.BatchSize);
        Require("AccumulationBatches", Accumulation, options.AccumulationBatches);
        Require("the number of samples", Count, count);
        Dictionary<string, string> now = new(description);
        foreach ((string name, string was) in Description)
        {
            if (!HasFailed || !FitDescription.IsOfSteps(name))
                Require(name, was, now.GetValueOrDefault(name, was));
        }

        if (options.Epochs < Epochs.Count)
            throw new ArgumentException(
                $"Trainer.Resume: Epochs is {options.Epochs}, and {Epochs.Count} are done; expected at least that.");
    }

    private static void Require<T>(string what, T was, T now)
        where T : notnull
    {
        if (!was.Equals(now))
            throw new ArgumentException($"Trainer.Resume: {what} is {now}, and was {was} in the training that is to go on; " +
                "expected the same data and options.");
    }
}

namespace CnnFast.Training;

/// <summary>How <see cref="Evaluator"/> runs.</summary>
public sealed record EvaluationOptions
{
    /// <summary>
    /// What is measured; null, the default, means the loss that belongs to the end of the model, as for <see cref="Trainer"/>.
    /// </summary>
    public ILoss? Loss { get; init; }

    /// <summary>The losses of a model with several outputs, instead of <see cref="Loss"/>; empty, the default, for none.</summary>
    public IReadOnlyList<LossTerm> Losses { get; init; } = [];

    /// <summary>What is measured beside loss, accuracy and confusion matrix.</summary>
    public IReadOnlyList<IMetric> Metrics { get; init; } = [];

    /// <summary>Samples of one run, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// The most threads, the caller's included; 0, the default, means <c>CNNFAST_NUM_THREADS</c> or all
    /// processors; 1 touches no other thread.
    /// </summary>
    public int MaxThreads { get; init; }

    /// <summary>How convolutions are computed; the default takes the fastest for each shape.</summary>
    public ConvAlgorithm ConvAlgorithm { get; init; }
}

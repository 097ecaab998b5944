namespace CnnFast.Training;

/// <summary>What a <see cref="TrainingSession"/> is made for. Immutable.</summary>
public sealed record TrainingSessionOptions
{
    /// <summary>The most samples of a step, at least 1.</summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>
    /// The losses. Where one reads logits, the Softmax or Sigmoid before its output is left to it. Empty, the default, means none: the
    /// caller writes <see cref="TrainingSession.OutputGradient"/>.
    /// </summary>
    public IReadOnlyList<LossTerm> Losses { get; init; } = [];

    /// <summary>
    /// Inputs and layers, by their names in <see cref="Model.Layers"/>, whose values and gradients are read after a step: none unless they
    /// are named, because they cost memory, and gradients of inputs time.
    /// </summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>
    /// Whether layers compute as in inference: dropout does not drop, and batch normalisation takes the moving statistics, which do not
    /// move. False, the default, is training. To see the gradients of a finished model.
    /// </summary>
    public bool Inference { get; init; }

    /// <summary>Decides dropout.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The most threads, the caller's included; 0, the default, means <c>CNNFAST_NUM_THREADS</c> or all processors; 1 touches no other
    /// thread.
    /// </summary>
    public int MaxThreads { get; init; }

    /// <summary>How convolutions are computed; the default takes what training takes.</summary>
    public ConvAlgorithm ConvAlgorithm { get; init; }
}

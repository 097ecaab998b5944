namespace CnnFast.Verification;

/// <summary>How <see cref="GradientChecker"/> checks. Immutable.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>Samples of the training step, at least 1; ignored where the model computes one batch of fixed size.</summary>
    public int Batch { get; init; } = 3;

    /// <summary>Decides inputs and targets that are not given, dropout, and which elements are sampled.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// The most elements of a tensor whose central differences are taken: each costs two or more runs of the reference. 0 takes none,
    /// <see cref="int.MaxValue"/> all.
    /// </summary>
    public int Samples { get; init; } = 16;

    /// <summary>
    /// How convolutions are computed. Other than <see cref="ConvAlgorithm.Direct"/>, bounds are those of Winograd's tiles.
    /// </summary>
    public ConvAlgorithm ConvAlgorithm { get; init; }

    /// <summary>The most threads of the training step; 0 for all processors. The reference runs on one.</summary>
    public int MaxThreads { get; init; } = 1;

    /// <summary>The inputs of the samples, in the order of the model; null for random ones from −1 to 1.</summary>
    public IReadOnlyList<ReadOnlyMemory<float>>? Inputs { get; init; }

    /// <summary>The targets where they are labels; empty for random ones.</summary>
    public ReadOnlyMemory<int> Labels { get; init; }

    /// <summary>The targets where they are numbers; empty for random ones.</summary>
    public ReadOnlyMemory<float> Values { get; init; }
}

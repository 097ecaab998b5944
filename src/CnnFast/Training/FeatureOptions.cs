using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>How <see cref="Features.Compute"/> runs. Immutable.</summary>
public sealed record FeatureOptions
{
    /// <summary>Samples of one run, at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// How often every image is computed, at least 1: once as it is, then changed at random by <see cref="Augmentation"/>. Epochs of the
    /// training take them in turns.
    /// </summary>
    public int Variants { get; init; } = 1;

    /// <summary>How images are changed in the further variants; null, the default, for not at all.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Decides the random changes.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The most threads, the caller's included; 0, the default, means <c>CNNFAST_NUM_THREADS</c> or all processors.
    /// </summary>
    public int MaxThreads { get; init; }

    /// <summary>How convolutions are computed; the default takes the fastest for each shape.</summary>
    public ConvAlgorithm ConvAlgorithm { get; init; }
}

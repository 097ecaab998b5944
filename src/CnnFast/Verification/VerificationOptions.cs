namespace CnnFast.Verification;

/// <summary>How <see cref="ModelVerifier"/> verifies. Immutable.</summary>
public sealed record VerificationOptions
{
    /// <summary>Samples of the run, at least 1; ignored where the model computes one batch of fixed size.</summary>
    public int Batch { get; init; } = 2;

    /// <summary>Decides inputs that are not given.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// How convolutions are computed. Other than <see cref="ConvAlgorithm.Direct"/>, bounds are those of Winograd's tiles.
    /// </summary>
    public ConvAlgorithm ConvAlgorithm { get; init; }

    /// <summary>The most threads of the kernels; 0 for all processors. The reference runs on one.</summary>
    public int MaxThreads { get; init; } = 1;

    /// <summary>The inputs of the samples, in the order of the model; null for random ones from −1 to 1.</summary>
    public IReadOnlyList<ReadOnlyMemory<float>>? Inputs { get; init; }
}

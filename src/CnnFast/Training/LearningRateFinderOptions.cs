using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>How <see cref="LearningRateFinder"/> tests.</summary>
public sealed record LearningRateFinderOptions
{
    /// <summary>The learning rate of the first step: finite, above 0.</summary>
    public float MinLearningRate { get; init; } = 1e-6f;

    /// <summary>The learning rate of the last step: finite, above <see cref="MinLearningRate"/>.</summary>
    public float MaxLearningRate { get; init; } = 10;

    /// <summary>The steps, at least 3; the data are read again where they end.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Samples of one step, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>How much of the smoothed loss stays at a step: at least 0, below 1.</summary>
    public float Smoothing { get; init; } = 0.9f;

    /// <summary>The test ends where the smoothed loss is above its lowest by this factor: above 1.</summary>
    public float DivergenceFactor { get; init; } = 4;

    /// <summary>The loss; null, the default, chooses by the end of the model as <see cref="Trainer"/> does.</summary>
    public ILoss? Loss { get; init; }

    /// <summary>How the bytes of an <see cref="IImageDataset"/> become inputs; null, the default, means the model's own way.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>Decides the order of the samples and dropout.</summary>
    public ulong Seed { get; init; }

    /// <summary>The most threads, as in <see cref="FitOptions.MaxThreads"/>; the result does not depend on them.</summary>
    public int MaxThreads { get; init; }

    /// <summary>How convolutions are computed.</summary>
    public ConvAlgorithm ConvAlgorithm { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal void Validate()
    {
        Require(MinLearningRate > 0 && float.IsFinite(MinLearningRate), nameof(MinLearningRate), MinLearningRate,
            "a finite number above 0");
        Require(MaxLearningRate > MinLearningRate && float.IsFinite(MaxLearningRate), nameof(MaxLearningRate), MaxLearningRate,
            FormattableString.Invariant($"a finite number above {MinLearningRate}, the smallest"));
        Require(Steps >= 3, nameof(Steps), Steps, "at least 3");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1");
        Require(Smoothing is >= 0 and < 1, nameof(Smoothing), Smoothing, "at least 0 and below 1");
        Require(DivergenceFactor > 1, nameof(DivergenceFactor), DivergenceFactor, "above 1");
        Require(MaxThreads >= 0, nameof(MaxThreads), MaxThreads, "at least 0");
        OptionCheck.Defined("LearningRateFinder", ConvAlgorithm);
    }

    private static void Require(bool holds, string option, float value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option,
                FormattableString.Invariant($"LearningRateFinder: {option} is {value}; expected {expected}."));
    }
}

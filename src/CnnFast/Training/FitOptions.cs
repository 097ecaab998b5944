using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>How <see cref="Trainer.Fit"/> trains.</summary>
public sealed record FitOptions
{
    /// <summary>How many times every sample is seen, at least 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Samples of one step, at least 1; the last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Samples to measure loss and accuracy on after every epoch; null for none.</summary>
    public IDataset? Validation { get; init; }

    /// <summary>
    /// Decides the order of the samples, dropout and shifts. The same seed gives the same weights to the bit at any thread count.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The most threads, the caller's included; 0, the default, means <c>CNNFAST_NUM_THREADS</c> or all
    /// processors; 1 touches no other thread.
    /// </summary>
    public int MaxThreads { get; init; }

    /// <summary>Whether every epoch has a random order of its own.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>How the learning rate changes.</summary>
    public ILearningRateSchedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>
    /// How the bytes of an <see cref="IImageDataset"/> become inputs; the model remembers it from its first step on. Null, the default,
    /// keeps the model's own: what it was trained with, value / 255 in a new model.
    /// </summary>
    public Normalization? Normalization { get; init; }

    /// <summary>
    /// How the training images of an <see cref="IImageDataset"/> are changed at random; null, the default, leaves them as they are.
    /// </summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>How convolutions are computed; the default takes the fastest for each shape that trains as the direct one does.</summary>
    public ConvAlgorithm ConvAlgorithm { get; init; }
}

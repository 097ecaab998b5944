using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>How <see cref="Trainer.Fit"/> trains.</summary>
public sealed record FitOptions
{
    /// <summary>How many times every sample is seen, at least 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Samples of one batch, at least 1; the last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Batches whose gradients are averaged, by their samples, before one step of the optimizer, at least 1: a step over more samples than
    /// memory holds. The last step of an epoch may have fewer.
    /// </summary>
    public int AccumulationBatches { get; init; } = 1;

    /// <summary>Samples to measure loss, accuracy and metrics on after every epoch; null for none.</summary>
    public IDataset? Validation { get; init; }

    /// <summary>Further samples to measure on after every epoch.</summary>
    public IReadOnlyList<ValidationSet> OtherValidations { get; init; } = [];

    /// <summary>What is measured on validation samples beside loss, accuracy and confusion matrix.</summary>
    public IReadOnlyList<IMetric> Metrics { get; init; } = [];

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

    /// <summary>How the learning rate changes. A further Fit goes on in it.</summary>
    public ILearningRateSchedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>
    /// The epochs over which <see cref="Schedule"/> runs from its start to its end, those of earlier Fits included; 0, the default, means
    /// up to the end of this Fit. To be set where several Fits are to go through one schedule.
    /// </summary>
    public int ScheduleEpochs { get; init; }

    /// <summary>Limits of the gradients.</summary>
    public GradientClipping Clipping { get; init; } = GradientClipping.None;

    /// <summary>
    /// A moving average of the weights: validation measures it, and it is what the model holds after Fit, while a further Fit goes on
    /// with the trained weights. Null, the default, for none.
    /// </summary>
    public WeightAverage? WeightAverage { get; init; }

    /// <summary>
    /// Which number tells the best epoch, and what <see cref="ReduceOnPlateauSchedule"/> looks at; null, the default, is the loss of the
    /// validation samples, or of the training samples where there are none.
    /// </summary>
    public MonitoredFigure? Monitor { get; init; }

    /// <summary>When training ends before its last epoch; null, the default, for never.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Whether the model holds the weights of the best epoch after Fit, instead of the last.</summary>
    public bool RestoreBest { get; init; }

    /// <summary>Where the state is saved while training goes on; null, the default, for nowhere.</summary>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>What is told of the training beside the progress.</summary>
    public IReadOnlyList<TrainingCallback> Callbacks { get; init; } = [];

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

    internal MonitoredFigure MonitorOrDefault =>
        Monitor ?? (Validation is null ? MonitoredFigure.TrainLoss : MonitoredFigure.ValidationLoss);
}

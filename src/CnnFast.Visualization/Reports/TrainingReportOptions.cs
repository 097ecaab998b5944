using CnnFast.Data;

namespace CnnFast.Visualization;

/// <summary>What a <see cref="TrainingReport"/> shows beside the curves.</summary>
public sealed record TrainingReportOptions
{
    /// <summary>The heading of the page.</summary>
    public string Title { get; init; } = "Training";

    /// <summary>
    /// Training samples, of which 32 are taken for the statistics of the layers (gradients, weights, zeros after ReLUs); null for none.
    /// </summary>
    public IDataset? Samples { get; init; }

    /// <summary>
    /// Steps from one measurement of the layers to the next, 0 for a fifth of an epoch and at least 20; after 128 measurements it is twice
    /// as many, and so on. One takes as long as a step with 32 samples. Changes no result of the training.
    /// </summary>
    public int StatisticsSteps { get; init; }

    /// <summary>
    /// Images that the model is measured on at the end: confusion matrix, calibration and the mistakes with their pictures; null for none.
    /// </summary>
    public IImageDataset? Images { get; init; }

    /// <summary>What the images are called in words, such as <c>the test images</c>.</summary>
    public string ImagesName { get; init; } = "the validation images";

    /// <summary>The name of one of the images by its index, such as that of its file; null for its number.</summary>
    public Func<int, string>? ImageName { get; init; }

    /// <summary>Names and values that the page shows as the configuration, such as options and seeds.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Configuration { get; init; } = [];

    /// <summary>A page that browsers of this machine follow while the training goes on; null for none.</summary>
    public LivePage? Live { get; init; }

    /// <summary>The most threads of measurements, 0 for all processors.</summary>
    public int MaxThreads { get; init; }
}

using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// The mean over the classes of intersection over union, IoU = TP / (TP + FP + FN), of labels, most often one a pixel, counted over all
/// samples together. Classes that occur neither as label nor as prediction are left out of the mean. An output that is NaN predicts no
/// class.
/// </summary>
public sealed class MeanIoU : IMetric
{
    /// <inheritdoc/>
    public string Name => "mean_iou";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public IMetricCounter? Start(Shape output, TargetInfo target, LossInput input) =>
        LabelRows.Of(output, target, input) is { } rows ? new ClassCounter(rows, static counts => counts.MeanIoU()) : null;
}

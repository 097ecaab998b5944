using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// The mean over the classes of F1 = 2·TP / (2·TP + FP + FN), of labels, one a sample or one a pixel. Classes that occur neither as
/// label nor as prediction are left out of the mean. An output that is NaN predicts no class.
/// </summary>
public sealed class MacroF1 : IMetric
{
    /// <inheritdoc/>
    public string Name => "macro_f1";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public IMetricCounter? Start(Shape output, TargetInfo target, LossInput input) =>
        LabelRows.Of(output, target, input) is { } rows ? new ClassCounter(rows, static counts => counts.MacroF1()) : null;
}

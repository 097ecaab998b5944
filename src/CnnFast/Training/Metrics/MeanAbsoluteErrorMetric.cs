using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// The mean of |y − t| over all values of numbers, in the unit of the targets; NaN where an output is. (<c>MeanAbsoluteError</c> is the
/// loss.) It applies where the loss reads the output itself.
/// </summary>
public sealed class MeanAbsoluteErrorMetric : IMetric
{
    /// <inheritdoc/>
    public string Name => "mean_absolute_error";

    /// <inheritdoc/>
    public bool HigherIsBetter => false;

    /// <inheritdoc/>
    public IMetricCounter? Start(Shape output, TargetInfo target, LossInput input) =>
        DifferenceCounter.Start(output, target, input, static difference => Math.Abs(difference), static mean => mean);
}

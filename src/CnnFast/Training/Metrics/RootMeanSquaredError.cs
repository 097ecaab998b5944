using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// The root of the mean of (y − t)² over all values of numbers, in the unit of the targets; NaN where an output is. It applies where the
/// loss reads the output itself.
/// </summary>
public sealed class RootMeanSquaredError : IMetric
{
    /// <inheritdoc/>
    public string Name => "root_mean_squared_error";

    /// <inheritdoc/>
    public bool HigherIsBetter => false;

    /// <inheritdoc/>
    public IMetricCounter? Start(Shape output, TargetInfo target, LossInput input) =>
        DifferenceCounter.Start(output, target, input, static difference => difference * difference, Math.Sqrt);
}

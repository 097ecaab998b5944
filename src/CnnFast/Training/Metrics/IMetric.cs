using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// What is measured of a model beside its loss, such as its accuracy. A new metric is one class, and its counter another. Implementations
/// are immutable and thread-safe; every sample counts the same in those of the library, whatever its weight in the loss.
/// </summary>
/// <example>
/// <code>
/// /// &lt;summary&gt;The mean of y − t of models with one output.&lt;/summary&gt;
/// sealed class Bias : IMetric
/// {
///     public string Name => "bias";
///
///     public bool HigherIsBetter => false;
///
///     public IMetricCounter? Start(Shape output, TargetInfo target, LossInput input) =>
///         output.ElementCount == 1 &amp;&amp; !target.IsLabels ? new Counter() : null;
///
///     private sealed class Counter : IMetricCounter
///     {
///         private double _sum;
///         private long _count;
///
///         public double Value => _sum / _count;
///
///         public void Add(in MetricBatch batch)
///         {
///             for (int i = 0; i &lt; batch.Count; i++)
///                 _sum += batch.Outputs[i] - batch.Values[i];
///             _count += batch.Count;
///         }
///     }
/// }
/// </code>
/// </example>
public interface IMetric
{
    /// <summary>Names the figure in results, logs and tables, such as <c>macro_f1</c>.</summary>
    string Name { get; }

    /// <summary>Whether a larger figure is a better one; a <see cref="MonitoredFigure"/> of another direction is refused.</summary>
    bool HigherIsBetter { get; }

    /// <summary>Starts to count: once for every run over a data set.</summary>
    /// <param name="output">The shape of the output of one sample.</param>
    /// <param name="target">What the targets of one sample are.</param>
    /// <param name="input">Which value of the model <see cref="MetricBatch.Outputs"/> will be.</param>
    /// <returns>A counter that has seen nothing; null where the metric does not apply to such outputs and targets.</returns>
    IMetricCounter? Start(Shape output, TargetInfo target, LossInput input);
}

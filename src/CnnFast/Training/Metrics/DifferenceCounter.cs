using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>Counts a figure that is made from the mean of a term of the differences between outputs and targets.</summary>
internal sealed class DifferenceCounter : IMetricCounter
{
    private readonly Func<double, double> _term;
    private readonly Func<double, double> _figure;
    private double _sum;
    private long _count;

    private DifferenceCounter(Func<double, double> term, Func<double, double> figure)
    {
        _term = term;
        _figure = figure;
    }

    public double Value => _figure(_sum / _count);

    /// <summary>A counter; null where outputs and targets are not numbers of the same shape and kind.</summary>
    public static DifferenceCounter? Start(Shape output, TargetInfo target, LossInput input, Func<double, double> term,
        Func<double, double> figure) =>
        !target.IsLabels && output == target.Shape && input == LossInput.Output ? new DifferenceCounter(term, figure) : null;

    public void Add(in MetricBatch batch)
    {
        for (int i = 0; i < batch.Values.Length; i++)
            _sum += _term((double)batch.Outputs[i] - batch.Values[i]);
        _count += batch.Values.Length;
    }
}

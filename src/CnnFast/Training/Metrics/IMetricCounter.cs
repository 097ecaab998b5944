namespace CnnFast.Training;

/// <summary>Counts one metric over the batches of one run. Used by one thread at a time.</summary>
public interface IMetricCounter
{
    /// <summary>The figure of all that was added so far; NaN where that is nothing, or nothing that counts.</summary>
    double Value { get; }

    /// <summary>Counts a batch. Allocates nothing.</summary>
    /// <param name="batch">Outputs and targets.</param>
    void Add(in MetricBatch batch);
}

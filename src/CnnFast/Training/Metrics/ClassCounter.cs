namespace CnnFast.Training;

/// <summary>Counts a figure that is made from <see cref="ClassCounts"/> of labels.</summary>
internal sealed class ClassCounter(LabelRows rows, Func<ClassCounts, double> figure) : IMetricCounter
{
    private readonly ClassCounts _counts = new(rows.Classes);

    public double Value => figure(_counts);

    public void Add(in MetricBatch batch)
    {
        for (int i = 0; i < batch.Labels.Length; i++)
        {
            if (rows.TryLabel(batch, i, out int label))
                _counts.Add(label, rows.Predict(batch, i));
        }
    }
}

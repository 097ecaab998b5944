using System.Globalization;
using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// The part of the labels (one a sample or one a pixel) whose output is one of the k largest of its row, 0 to 1; of equal outputs the
/// first are the larger ones. Rows with a NaN are wrong. It applies to more than k classes.
/// </summary>
public sealed class TopKAccuracy : IMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="k">How many of the largest outputs count, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1.</exception>
    public TopKAccuracy(int k = 5)
    {
        if (k < 1)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"TopKAccuracy: k is {k}; expected at least 1.");
        K = k;
    }

    /// <summary>How many of the largest outputs count.</summary>
    public int K { get; }

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"top_{K}_accuracy");

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public IMetricCounter? Start(Shape output, TargetInfo target, LossInput input) =>
        LabelRows.Of(output, target, input) is { HasOutputPerClass: true } rows && rows.Classes > K ? new Counter(rows, K) : null;

    private sealed class Counter(LabelRows rows, int k) : IMetricCounter
    {
        private long _right;
        private long _count;

        public double Value => (double)_right / _count;

        public void Add(in MetricBatch batch)
        {
            for (int i = 0; i < batch.Labels.Length; i++)
            {
                if (!rows.TryLabel(batch, i, out int label))
                    continue;
                _count++;
                if (IsAmongLargest(rows.Row(batch, i), label))
                    _right++;
            }
        }

        private bool IsAmongLargest(ReadOnlySpan<float> row, int label)
        {
            float own = row[label];
            int larger = 0;
            for (int j = 0; j < row.Length; j++)
            {
                if (float.IsNaN(row[j]))
                    return false;
                if (row[j] > own || (row[j] == own && j < label))
                    larger++;
            }

            return larger < k;
        }
    }
}

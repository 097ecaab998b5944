using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// How labels and outputs lie beside each other: every label (one a sample, or one a pixel) has a row with one output a class, or a
/// single output where the classes are no and yes.
/// </summary>
internal sealed class LabelRows
{
    /// <summary>The prediction where a row holds a NaN: no class, and so never the right one.</summary>
    public const int NoClass = -1;

    private readonly int _rowLength;
    private readonly float _threshold;

    private LabelRows(int classes, int rowLength, LossInput input)
    {
        Classes = classes;
        _rowLength = rowLength;
        _threshold = YesRule.ThresholdOf(input);
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>Whether there is one output a class.</summary>
    public bool HasOutputPerClass => _rowLength == Classes;

    /// <summary>The rows of outputs and targets; null where the targets are no labels, or do not fit the outputs.</summary>
    public static LabelRows? Of(Shape output, TargetInfo target, LossInput input)
    {
        if (target.Classes < 2 || output.Rank < 1)
            return null;
        int rows = target.Shape.ElementCount;
        int last = output[output.Rank - 1];
        bool isBinary = target.Classes == 2 && output.ElementCount == rows && input != LossInput.SoftmaxLogits;
        if (isBinary)
            return new LabelRows(2, 1, input);
        return last == target.Classes && output.ElementCount == (long)rows * last ? new LabelRows(last, last, input) : null;
    }

    /// <summary>The label of a row, unless it is left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public bool TryLabel(in MetricBatch batch, int index, out int label)
    {
        label = batch.Labels[index];
        if (label < 0 || label == batch.IgnoredLabel)
            return false;
        return label < Classes ? true : throw new ArgumentOutOfRangeException(
            null, $"Metric: label {index} of the batch is {label}; expected one from 0 to {Classes - 1}.");
    }

    /// <summary>The outputs of a label.</summary>
    public ReadOnlySpan<float> Row(in MetricBatch batch, int index) => batch.Outputs.Slice(index * _rowLength, _rowLength);

    /// <summary>The predicted class, the first of equal outputs; <see cref="NoClass"/> where an output is NaN.</summary>
    public int Predict(in MetricBatch batch, int index)
    {
        ReadOnlySpan<float> row = Row(batch, index);
        if (!HasOutputPerClass)
            return float.IsNaN(row[0]) ? NoClass : row[0] > _threshold ? 1 : 0;
        return FirstLargest(row);
    }

    /// <summary>The index of the largest value, the first of equal ones; <see cref="NoClass"/> where one is NaN.</summary>
    public static int FirstLargest(ReadOnlySpan<float> row)
    {
        int best = 0;
        float largest = row[0];
        if (float.IsNaN(largest))
            return NoClass;
        for (int k = 1; k < row.Length; k++)
        {
            if (row[k] <= largest)
                continue;
            if (float.IsNaN(row[k]))
                return NoClass;
            best = k;
            largest = row[k];
        }

        return best;
    }
}

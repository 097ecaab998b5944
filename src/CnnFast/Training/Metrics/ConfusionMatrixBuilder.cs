namespace CnnFast.Training;

/// <summary>Counts labels and predictions, one a sample or one a pixel. Used by one thread at a time.</summary>
public sealed class ConfusionMatrixBuilder
{
    /// <summary>The most classes, for which the counts take 128 MiB.</summary>
    public const int MaxClasses = 4096;

    private readonly long[] _counts;
    private readonly long[] _unpredicted;

    /// <summary>Starts with nothing counted.</summary>
    /// <param name="classes">The number of classes, 1 to <see cref="MaxClasses"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is out of range.</exception>
    public ConfusionMatrixBuilder(int classes)
    {
        if (classes is < 1 or > MaxClasses)
        {
            throw new ArgumentOutOfRangeException(nameof(classes), classes,
                $"ConfusionMatrixBuilder: the number of classes is {classes}; expected 1 to {MaxClasses}.");
        }

        _counts = new long[classes * classes];
        _unpredicted = new long[classes];
    }

    /// <summary>The number of classes.</summary>
    public int Classes => _unpredicted.Length;

    /// <summary>Counts a prediction.</summary>
    /// <param name="label">The label, from 0; below 0 nothing is counted.</param>
    /// <param name="prediction">The predicted class, from 0; below 0 none was predicted, which counts as wrong.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public void Add(int label, int prediction)
    {
        if (label < 0)
            return;
        Require(label, nameof(label));
        Require(prediction, nameof(prediction));
        if (prediction < 0)
            _unpredicted[label]++;
        else
            _counts[(label * Classes) + prediction]++;
    }

    /// <summary>Counts predictions.</summary>
    /// <param name="labels">The labels; those below 0 are left out.</param>
    /// <param name="predictions">A predicted class for every label; below 0 none was predicted.</param>
    /// <exception cref="ShapeException">There are more or fewer predictions than labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public void Add(ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions)
    {
        RequireLength("predictions", predictions.Length, labels.Length);
        for (int i = 0; i < labels.Length; i++)
            Add(labels[i], predictions[i]);
    }

    /// <summary>
    /// Counts outputs: the largest of a row is the prediction, the first of equal ones; a row with a NaN predicts nothing.
    /// </summary>
    /// <param name="labels">The labels; those below 0 are left out.</param>
    /// <param name="outputs">A row of one output a class for every label: probabilities or logits.</param>
    /// <exception cref="ShapeException">There are more or fewer outputs than labels × classes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public void AddRows(ReadOnlySpan<int> labels, ReadOnlySpan<float> outputs)
    {
        RequireLength("outputs", outputs.Length, (long)labels.Length * Classes);
        for (int i = 0; i < labels.Length; i++)
            Add(labels[i], LabelRows.FirstLargest(outputs.Slice(i * Classes, Classes)));
    }

    /// <summary>What was counted so far.</summary>
    /// <returns>The matrix, which later calls do not change.</returns>
    public ConfusionMatrix ToMatrix() => new(_counts, _unpredicted);

    /// <summary>Counts a batch of a run.</summary>
    internal void Add(LabelRows rows, in MetricBatch batch)
    {
        for (int i = 0; i < batch.Labels.Length; i++)
        {
            if (rows.TryLabel(batch, i, out int label))
                Add(label, rows.Predict(batch, i));
        }
    }

    private static void RequireLength(string what, int length, long expected)
    {
        if (length != expected)
            throw new ShapeException($"ConfusionMatrixBuilder: there are {length} {what}; expected {expected} for these labels.");
    }

    private void Require(int index, string name)
    {
        if (index >= Classes)
            throw new ArgumentOutOfRangeException(name, index,
                $"ConfusionMatrixBuilder: the {name} is {index}; expected one below {Classes}, the number of classes.");
    }
}

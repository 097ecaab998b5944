using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>Counts the confusion matrix over the batches of one run.</summary>
internal sealed class ConfusionCounter
{
    private readonly LabelRows _rows;
    private readonly ConfusionMatrixBuilder _builder;

    private ConfusionCounter(LabelRows rows)
    {
        _rows = rows;
        _builder = new ConfusionMatrixBuilder(rows.Classes);
    }

    /// <summary>What was counted so far.</summary>
    public ConfusionMatrix Matrix => _builder.ToMatrix();

    /// <summary>
    /// A counter that has seen nothing; null where the targets are no labels that belong to the outputs, or there are too many classes
    /// for a matrix.
    /// </summary>
    public static ConfusionCounter? Start(Shape output, TargetInfo target, LossInput input) =>
        LabelRows.Of(output, target, input) is { Classes: <= ConfusionMatrixBuilder.MaxClasses } rows ? new ConfusionCounter(rows) : null;

    /// <summary>Counts a batch. Allocates nothing.</summary>
    public void Add(in MetricBatch batch) => _builder.Add(_rows, batch);
}

using CnnFast.Data;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Softmax with cross-entropy, −Σ t·log softmax(z) in nats, for models that choose one of several classes; they end in Softmax or give its
/// logits. Targets are labels, or a distribution over the classes for every sample.
/// </summary>
public sealed class SoftmaxCrossEntropy : ILoss
{
    private readonly Lazy<SoftmaxCrossEntropyOperator> _operator = new(() => SoftmaxCrossEntropyOperator.Create());

    /// <inheritdoc/>
    public LossInput Input => LossInput.SoftmaxLogits;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output) => output.Rank == 1
        ? [TargetInfo.Labels(output[0]), TargetInfo.Values(output)]
        : throw new ShapeException(
            $"SoftmaxCrossEntropy: the output of a sample has the shape {output}; expected one value a class, [classes].");

    /// <inheritdoc/>
    public double Compute(in LossBatch batch) => batch.Values.IsEmpty
        ? _operator.Value.Run(batch.Scheduler, batch.Count, batch.SampleLength, batch.Outputs, batch.Labels, batch.Predictions,
            batch.Gradient, batch.GradientScale)
        : _operator.Value.Run(batch.Scheduler, batch.Count, batch.SampleLength, batch.Outputs, batch.Values, batch.Predictions,
            batch.Gradient, batch.GradientScale);
}

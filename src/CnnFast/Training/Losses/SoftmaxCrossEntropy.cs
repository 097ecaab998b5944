using CnnFast.Data;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Softmax with cross-entropy, −Σ t·log softmax(z) in nats, for models that choose one of several classes; they end in Softmax or give its
/// logits. Targets are labels, or a distribution over the classes for every sample.
/// </summary>
public sealed class SoftmaxCrossEntropy : ILoss
{
    /// <inheritdoc/>
    public LossInput Input => LossInput.SoftmaxLogits;

    /// <inheritdoc/>
    public LossReduction Reduction { get; init; }

    /// <inheritdoc/>
    public bool TakesSampleWeights => true;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output) => output.Rank == 1
        ? [TargetInfo.Labels(output[0]), TargetInfo.Values(output)]
        : throw new ShapeException(
            $"SoftmaxCrossEntropy: the output of a sample has the shape {output}; expected one value a class, [classes].");

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch)
    {
        (double sum, double weight) = SoftmaxCrossEntropyOperator.Default.Run(batch.Scheduler, new CrossEntropyArguments
        {
            Rows = batch.Count,
            Classes = batch.SampleLength,
            Logits = batch.Outputs,
            Labels = batch.Labels,
            Targets = batch.Values,
            RowWeights = batch.SampleWeights,
            Gradient = batch.Gradient,
            Scale = batch.GradientScale,
            IsMean = Reduction == LossReduction.Mean,
        });
        return new LossSum(sum, weight);
    }
}

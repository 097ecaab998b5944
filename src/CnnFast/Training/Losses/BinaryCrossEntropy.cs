using System.Numerics.Tensors;
using CnnFast.Data;
using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Sigmoid with the cross-entropy of yes and no, 1/K · Σ −t·log σ(z) − (1 − t)·log(1 − σ(z)) in nats over the K values of a
/// sample's output: for models that say of each of several labels whether it applies; they end in Sigmoid or give its logits.
/// Targets are numbers from 0 to 1.
/// </summary>
public sealed class BinaryCrossEntropy : ILoss
{
    /// <inheritdoc/>
    public LossInput Input => LossInput.SigmoidLogits;

    /// <inheritdoc/>
    public LossReduction Reduction { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output) => [TargetInfo.Values(output)];

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch)
    {
        if (!(TensorPrimitives.Min(batch.Values) >= 0 && TensorPrimitives.Max(batch.Values) <= 1))
            throw new ArgumentOutOfRangeException(nameof(batch), "BinaryCrossEntropy: a target is not from 0 to 1.");
        float scale = batch.ScaleOf(Reduction, batch.Count) / batch.SampleLength;
        double sum = ElementLossOperator<BinaryCrossEntropyLoss>.Default.Run(
            batch.Scheduler, batch.Outputs, batch.Values, [], batch.Gradient, scale);
        return new LossSum(sum / batch.SampleLength, batch.Count);
    }
}

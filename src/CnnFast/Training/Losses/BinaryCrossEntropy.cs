using CnnFast.Data;
using CnnFast.Kernels;

namespace CnnFast.Training;

/// <summary>
/// Sigmoid with the cross-entropy of yes and no, 1/K · Σ −w·t·log σ(z) − (1 − t)·log(1 − σ(z)) in nats over the K values of a
/// sample's output: for models that say of each of several labels, or of each pixel, whether it applies; they end in Sigmoid or give its
/// logits. Targets are numbers from 0 to 1, or labels 0 and 1. Under <see cref="LossReduction.Sum"/> there is no 1/K: the values of all
/// samples are added, as in PyTorch.
/// </summary>
/// <example>
/// <code>
/// new Trainer(model, new Adam(), new BinaryCrossEntropy { PositiveWeights = [1, 1, 12] });   // the third label is rare
/// </code>
/// </example>
public sealed class BinaryCrossEntropy : ILoss
{
    private float[] _positiveWeights = [];

    /// <inheritdoc/>
    public LossInput Input => LossInput.SigmoidLogits;

    /// <inheritdoc/>
    public LossReduction Reduction { get; init; }

    /// <summary>
    /// w: how much a yes counts against a no. One number for all outputs or, of an output <c>[…, C]</c>, one for each of C; null, the
    /// default, means 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public IReadOnlyList<float>? PositiveWeights
    {
        get => _positiveWeights.Length == 0 ? null : _positiveWeights;
        init => _positiveWeights = LossTargets.Weights(nameof(BinaryCrossEntropy), "positive weight", value);
    }

    /// <inheritdoc/>
    public bool TakesSampleWeights => true;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output)
    {
        int last = output.Rank == 0 ? 1 : output[output.Rank - 1];
        if (_positiveWeights.Length > 1 && _positiveWeights.Length != last)
            throw new ShapeException($"BinaryCrossEntropy: {_positiveWeights.Length} positive weights were given for outputs {output}; " +
                $"expected one, or {last}.");
        return LossTargets.OfYesAndNo(output);
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(Reduction), Reduction), (nameof(PositiveWeights), PositiveWeights));

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch)
    {
        LossTargets.RequireUnit(nameof(BinaryCrossEntropy), batch.Values);
        return ElementLosses.Compute(batch, Reduction, default(BinaryCrossEntropyLoss), _positiveWeights);
    }
}

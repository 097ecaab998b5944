using CnnFast.Data;
using CnnFast.Kernels;

namespace CnnFast.Training;

/// <summary>
/// The mean square of the differences from the targets, 1/K · Σ (y − t)² over the K values of a sample's output: for numbers. Under
/// <see cref="LossReduction.Sum"/> there is no 1/K: the values of all samples are added, as in PyTorch.
/// </summary>
public sealed class MeanSquaredError : ILoss
{
    /// <inheritdoc/>
    public LossInput Input => LossInput.Output;

    /// <inheritdoc/>
    public LossReduction Reduction { get; init; }

    /// <inheritdoc/>
    public bool TakesSampleWeights => true;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output) => [TargetInfo.Values(output)];

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(Reduction), Reduction));

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch) => ElementLosses.Compute(batch, Reduction, default(SquaredErrorLoss));
}

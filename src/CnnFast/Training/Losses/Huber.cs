using CnnFast.Data;
using CnnFast.Kernels;

namespace CnnFast.Training;

/// <summary>
/// The loss of Huber, 1/K · Σ h(y − t) over the K values of a sample's output, with h(d) = ½·d² where |d| ≤ δ and δ·(|d| − ½·δ) beyond
/// ("Robust Estimation of a Location Parameter", 1964): the square near the target, the absolute difference far from it. Under
/// <see cref="LossReduction.Sum"/> there is no 1/K: the values of all samples are added, as in PyTorch.
/// </summary>
public sealed class Huber : ILoss
{
    /// <summary>δ: where the square ends, above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0, or not finite.</exception>
    public float Delta
    {
        get;
        init => field = LossTargets.Within(nameof(Huber), nameof(Delta), value, float.Epsilon, float.MaxValue);
    } = 1;

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
    public override string ToString() => OptionText.Of(this, (nameof(Reduction), Reduction), (nameof(Delta), Delta));

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch) => ElementLosses.Compute(batch, Reduction, new HuberLoss(Delta));
}

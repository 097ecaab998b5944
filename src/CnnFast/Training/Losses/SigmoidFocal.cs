using CnnFast.Data;
using CnnFast.Kernels;

namespace CnnFast.Training;

/// <summary>
/// Sigmoid with focal loss, 1/K · Σ a·q^γ·CE over the K values of a sample's output, where CE is the binary cross-entropy,
/// q = |t − σ(z)| for a label t, and a = α for a yes and 1 − α for a no (Lin et al., "Focal Loss for Dense Object Detection", 2017): what
/// the model is sure of counts little, so that a few rare cases are not lost among many easy ones. Models end in Sigmoid or give its
/// logits. Targets are numbers from 0 to 1, or labels 0 and 1. Under <see cref="LossReduction.Sum"/> there is no 1/K: the values of all
/// samples are added, as in torchvision.
/// </summary>
public sealed class SigmoidFocal : ILoss
{
    /// <inheritdoc/>
    public LossInput Input => LossInput.SigmoidLogits;

    /// <inheritdoc/>
    public LossReduction Reduction { get; init; }

    /// <summary>γ, from 0 (then it is cross-entropy) to 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float Gamma
    {
        get;
        init => field = LossTargets.Within(nameof(SigmoidFocal), nameof(Gamma), value, 0, 20);
    } = 2;

    /// <summary>α, from 0 to 1; null means that yes and no both count 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float? Alpha
    {
        get;
        init => field = value is { } alpha ? LossTargets.Within(nameof(SigmoidFocal), nameof(Alpha), alpha, 0, 1) : null;
    } = 0.25f;

    /// <inheritdoc/>
    public bool TakesSampleWeights => true;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output) => LossTargets.OfYesAndNo(output);

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(Reduction), Reduction), (nameof(Gamma), Gamma),
        (nameof(Alpha), Alpha));

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch)
    {
        LossTargets.RequireUnit(nameof(SigmoidFocal), batch.Values);
        return ElementLosses.Compute(batch, Reduction, new SigmoidFocalLoss(Gamma, Alpha ?? -1));
    }
}

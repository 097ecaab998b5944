using CnnFast.Data;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Sigmoid with soft Dice loss, 1 − 1/C · Σ (2·Σ p·t + s) / (Σ p + Σ t + s) of each sample: the outer sum goes over the C channels of the
/// output, the inner ones over the pixels, with p = σ(z) (Sudre et al., "Generalised Dice overlap as a deep learning loss function for
/// highly unbalanced segmentations", 2017, with equal weights): for masks, of which a small part may be set. Models end in Sigmoid or give
/// its logits. Targets are numbers from 0 to 1, or labels 0 and 1. A sample is one value: <see cref="LossReduction.Sum"/> adds samples.
/// </summary>
public sealed class SigmoidDice : ILoss
{
    /// <inheritdoc/>
    public LossInput Input => LossInput.SigmoidLogits;

    /// <inheritdoc/>
    public LossReduction Reduction { get; init; }

    /// <summary>s: keeps the quotient of a class that is neither there nor predicted near 1; above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0, or not finite.</exception>
    public float Smoothing
    {
        get;
        init => field = LossTargets.Within(nameof(SigmoidDice), nameof(Smoothing), value, float.Epsilon, float.MaxValue);
    } = 1;

    /// <inheritdoc/>
    public bool TakesSampleWeights => true;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output)
    {
        LossTargets.RequireDiceClasses(nameof(SigmoidDice), output);
        return LossTargets.OfYesAndNo(output);
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(Reduction), Reduction), (nameof(Smoothing), Smoothing));

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch)
    {
        LossTargets.RequireUnit(nameof(SigmoidDice), batch.Values);
        double weight = batch.TotalWeight;
        double sum = DiceOperator.Default.Run(batch.Scheduler, new DiceArguments
        {
            Count = batch.Count,
            Classes = batch.Classes,
            IsSoftmax = false,
            Logits = batch.Outputs,
            Targets = batch.Values,
            Labels = batch.Labels,
            SampleWeights = batch.SampleWeights,
            Smoothing = Smoothing,
            Gradient = batch.Gradient,
            Scale = batch.ScaleOf(Reduction, weight),
        });
        return new LossSum(sum, weight);
    }
}

using CnnFast.Data;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Softmax with soft Dice loss, 1 − 1/C · Σ (2·Σ p·t + s) / (Σ p + Σ t + s) of each sample: the outer sum goes over the C classes, the last
/// dimension of the output, the inner ones over the pixels, with p = softmax(z) and t = 1 at the label (Sudre et al., "Generalised Dice
/// overlap as a deep learning loss function for highly unbalanced segmentations", 2017, with equal weights): for segmentation where some
/// classes are rare. Models end in Softmax or give its logits. Targets are labels, or a distribution over the classes of each pixel
/// (numbers of at least 0 that sum to 1 within 0.02). A sample is one value: <see cref="LossReduction.Sum"/> adds samples.
/// </summary>
public sealed class SoftmaxDice : ILoss
{
    /// <inheritdoc/>
    public LossInput Input => LossInput.SoftmaxLogits;

    /// <inheritdoc/>
    public LossReduction Reduction { get; init; }

    /// <summary>s: keeps the quotient of a class that is neither there nor predicted near 1; above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0, or not finite.</exception>
    public float Smoothing
    {
        get;
        init => field = LossTargets.Within(nameof(SoftmaxDice), nameof(Smoothing), value, float.Epsilon, float.MaxValue);
    } = 1;

    /// <summary>The label of pixels that do not count; null, the default, means that all do.</summary>
    public int? IgnoredLabel { get; init; }

    /// <inheritdoc/>
    public bool TakesSampleWeights => true;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output)
    {
        LossTargets.RequireDiceClasses(nameof(SoftmaxDice), output);
        return LossTargets.OfClasses(nameof(SoftmaxDice), output);
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(Reduction), Reduction), (nameof(Smoothing), Smoothing),
        (nameof(IgnoredLabel), IgnoredLabel));

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch)
    {
        LossTargets.RequireDistributions(nameof(SoftmaxDice), batch.Values, batch.Classes);
        double weight = batch.TotalWeight;
        double sum = DiceOperator.Default.Run(batch.Scheduler, new DiceArguments
        {
            Count = batch.Count,
            Classes = batch.Classes,
            IsSoftmax = true,
            Logits = batch.Outputs,
            Targets = batch.Values,
            Labels = batch.Labels,
            IgnoredLabel = IgnoredLabel,
            SampleWeights = batch.SampleWeights,
            Smoothing = Smoothing,
            Gradient = batch.Gradient,
            Scale = batch.ScaleOf(Reduction, weight),
        });
        return new LossSum(sum, weight);
    }
}

using CnnFast.Data;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Softmax with cross-entropy, −Σ t·log softmax(z) in nats, for models that choose one of several classes, of a sample or of each of its
/// pixels: the classes are the last dimension of the output. Models end in Softmax or give its logits. Targets are labels, or a
/// distribution over the classes: numbers of at least 0 that sum to 1 within 0.02. Options are as in PyTorch's CrossEntropyLoss: with the
/// weights w of K classes and the smoothing ε, the loss of the label y is −(1 − ε)·w[y]·log p[y] − ε/K · Σ w·log p, and the mean divides
/// by the sum of the w[y]; that of a distribution t is −Σ w·((1 − ε)·t + ε/K)·log p, and the mean divides by the number of rows.
/// </summary>
/// <example>
/// <code>
/// new Trainer(model, new Adam(), new SoftmaxCrossEntropy { LabelSmoothing = 0.1f });
/// new Trainer(unet, new Adam(), new SoftmaxCrossEntropy { ClassWeights = [0.2f, 1, 3], IgnoredLabel = 255 });
/// </code>
/// </example>
public sealed class SoftmaxCrossEntropy : ILoss
{
    private float[] _classWeights = [];

    /// <inheritdoc/>
    public LossInput Input => LossInput.SoftmaxLogits;

    /// <inheritdoc/>
    public LossReduction Reduction { get; init; }

    /// <summary>ε: the part of a target that is spread evenly over the classes, from 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float LabelSmoothing
    {
        get;
        init => field = LossTargets.Within(nameof(SoftmaxCrossEntropy), nameof(LabelSmoothing), value, 0, 1);
    }

    /// <summary>w: how much each class counts; null, the default, means 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public IReadOnlyList<float>? ClassWeights
    {
        get => _classWeights.Length == 0 ? null : _classWeights;
        init => _classWeights = LossTargets.Weights(nameof(SoftmaxCrossEntropy), "class weight", value);
    }

    /// <summary>The label of samples or pixels that do not count; null, the default, means that all do.</summary>
    public int? IgnoredLabel { get; init; }

    /// <inheritdoc/>
    public bool TakesSampleWeights => true;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output)
    {
        IReadOnlyList<TargetInfo> targets = LossTargets.OfClasses(nameof(SoftmaxCrossEntropy), output);
        LossTargets.RequireClassWeights(nameof(SoftmaxCrossEntropy), _classWeights.Length, output);
        return targets;
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(Reduction), Reduction), (nameof(LabelSmoothing), LabelSmoothing),
        (nameof(ClassWeights), ClassWeights), (nameof(IgnoredLabel), IgnoredLabel));

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch)
    {
        LossTargets.RequireDistributions(nameof(SoftmaxCrossEntropy), batch.Values, batch.Classes);
        (double sum, double weight) = SoftmaxCrossEntropyOperator.Default.Run(batch.Scheduler, new CrossEntropyArguments
        {
            Rows = batch.Outputs.Length / batch.Classes,
            Classes = batch.Classes,
            Logits = batch.Outputs,
            Labels = batch.Labels,
            Targets = batch.Values,
            RowWeights = batch.SampleWeights,
            ClassWeights = _classWeights,
            IgnoredLabel = IgnoredLabel,
            Smoothing = LabelSmoothing,
            Gradient = batch.Gradient,
            Scale = batch.GradientScale,
            IsMean = Reduction == LossReduction.Mean,
        });
        return new LossSum(sum, weight);
    }
}

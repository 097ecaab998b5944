using CnnFast.Data;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Softmax with focal loss, −w[y]·(1 − p)^γ·log p with p = softmax(z)[y] for the label y, for models that choose one of several classes, of
/// a sample or of each of its pixels (Lin et al., "Focal Loss for Dense Object Detection", 2017, for more than two classes): what the model
/// is sure of counts little. The classes are the last dimension of the output; models end in Softmax or give its logits. The mean divides
/// by the number of rows, whatever the weights of the classes. Targets are labels; <see cref="SoftmaxCrossEntropy"/> takes distributions.
/// </summary>
public sealed class SoftmaxFocal : ILoss
{
    private float[] _classWeights = [];

    /// <inheritdoc/>
    public LossInput Input => LossInput.SoftmaxLogits;

    /// <inheritdoc/>
    public LossReduction Reduction { get; init; }

    /// <summary>γ, from 0 (then it is cross-entropy) to 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float Gamma
    {
        get;
        init => field = LossTargets.Within(nameof(SoftmaxFocal), nameof(Gamma), value, 0, 20);
    } = 2;

    /// <summary>w (α in the paper): how much each class counts; null, the default, means 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public IReadOnlyList<float>? ClassWeights
    {
        get => _classWeights.Length == 0 ? null : _classWeights;
        init => _classWeights = LossTargets.Weights(nameof(SoftmaxFocal), "class weight", value);
    }

    /// <summary>The label of samples or pixels that do not count; null, the default, means that all do.</summary>
    public int? IgnoredLabel { get; init; }

    /// <inheritdoc/>
    public bool TakesSampleWeights => true;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output)
    {
        IReadOnlyList<TargetInfo> targets = LossTargets.OfClasses(nameof(SoftmaxFocal), output);
        LossTargets.RequireClassWeights(nameof(SoftmaxFocal), _classWeights.Length, output);
        return [targets[0]];
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(Reduction), Reduction), (nameof(Gamma), Gamma),
        (nameof(ClassWeights), ClassWeights), (nameof(IgnoredLabel), IgnoredLabel));

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch)
    {
        (double sum, double weight) = SoftmaxCrossEntropyOperator.Default.Run(batch.Scheduler, new CrossEntropyArguments
        {
            Rows = batch.Outputs.Length / batch.Classes,
            Classes = batch.Classes,
            Logits = batch.Outputs,
            Labels = batch.Labels,
            RowWeights = batch.SampleWeights,
            ClassWeights = _classWeights,
            IgnoredLabel = IgnoredLabel,
            Focus = Gamma,
            Gradient = batch.Gradient,
            Scale = batch.GradientScale,
            IsMean = Reduction == LossReduction.Mean,
        });
        return new LossSum(sum, weight);
    }
}

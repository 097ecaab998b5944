using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// The negative log-likelihood −w[y]·x[y] of the label y where the output x holds logarithms of probabilities: for imported models that end
/// in LogSoftmax, where <see cref="SoftmaxCrossEntropy"/> gives the same and takes more targets. The classes are the last dimension of the
/// output. The mean divides by the sum of the w[y], as in PyTorch's NLLLoss.
/// </summary>
public sealed class NegativeLogLikelihood : ILoss
{
    private float[] _classWeights = [];

    /// <inheritdoc/>
    public LossInput Input => LossInput.LogProbabilities;

    /// <inheritdoc/>
    public LossReduction Reduction { get; init; }

    /// <summary>w: how much each class counts; null, the default, means 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public IReadOnlyList<float>? ClassWeights
    {
        get => _classWeights.Length == 0 ? null : _classWeights;
        init => _classWeights = LossTargets.Weights(nameof(NegativeLogLikelihood), "class weight", value);
    }

    /// <summary>The label of samples or pixels that do not count; null, the default, means that all do.</summary>
    public int? IgnoredLabel { get; init; }

    /// <inheritdoc/>
    public bool TakesSampleWeights => true;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> TargetsFor(Shape output)
    {
        IReadOnlyList<TargetInfo> targets = LossTargets.OfClasses(nameof(NegativeLogLikelihood), output);
        LossTargets.RequireClassWeights(nameof(NegativeLogLikelihood), _classWeights.Length, output);
        return [targets[0]];
    }

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(Reduction), Reduction), (nameof(ClassWeights), ClassWeights),
        (nameof(IgnoredLabel), IgnoredLabel));

    /// <inheritdoc/>
    public LossSum Compute(in LossBatch batch)
    {
        int classes = batch.Classes, rows = batch.Outputs.Length / classes;
        double sum = 0, weight = 0;
        for (int row = 0; row < rows; row++)
        {
            float counts = WeightOf(batch, row, rows / batch.Count, classes);
            weight += counts;
            if (counts != 0)
                sum -= (double)counts * batch.Outputs[(row * classes) + batch.Labels[row]];
        }

        batch.Gradient.Clear();
        float scale = batch.ScaleOf(Reduction, weight);
        for (int row = 0; row < rows && !batch.Gradient.IsEmpty; row++)
        {
            float counts = WeightOf(batch, row, rows / batch.Count, classes);
            if (counts != 0)
                batch.Gradient[(row * classes) + batch.Labels[row]] = -counts * scale;
        }

        return new LossSum(sum, weight);
    }

    private float WeightOf(in LossBatch batch, int row, int rowsPerSample, int classes)
    {
        int label = batch.Labels[row];
        if (label == IgnoredLabel)
            return 0;
        if ((uint)label >= (uint)classes)
            throw new ArgumentOutOfRangeException(null,
                $"NegativeLogLikelihood: label {label} of row {row} was given; expected 0 to {classes - 1}.");
        return batch.WeightOf(row / rowsPerSample) * (_classWeights.Length == 0 ? 1 : _classWeights[label]);
    }
}

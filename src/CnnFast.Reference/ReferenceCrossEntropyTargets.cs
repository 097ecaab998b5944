namespace CnnFast.Reference;

/// <summary>
/// The options of softmax cross-entropy in double, as targets and a weight for <see cref="ReferenceSoftmaxCrossEntropy"/>. With K classes,
/// their weights w, the smoothing ε and the weight r of a row, the loss of the row is <c>−r · Σ(c) t[c] · log ŷ[c]</c> with
/// <c>t[c] = (1 − ε)·w[y]·[c = y] + ε/K·w[c]</c> for the label y, and <c>t[c] = w[c]·((1 − ε)·target[c] + ε/K)</c> for numbers (Szegedy
/// et al., "Rethinking the Inception Architecture for Computer Vision", 2016, section 7; the weights as in PyTorch's CrossEntropyLoss).
/// The mean divides by Σ r·w[y] for labels and by Σ r for numbers; rows with the ignored label are left out. Thread-safe.
/// </summary>
public static class ReferenceCrossEntropyTargets
{
    /// <summary>The targets of labels, the weights of rows and classes in them.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="classWeights">A weight for each class.</param>
    /// <param name="rowWeights">A weight for each row.</param>
    /// <param name="smoothing">The part of a target that is spread evenly, from 0 to 1.</param>
    /// <param name="ignored">The label of rows that do not count.</param>
    /// <param name="weight">What the mean divides by.</param>
    /// <returns><c>[rows, classes]</c>.</returns>
    public static double[] OfLabels(ReadOnlySpan<int> labels, ReadOnlySpan<double> classWeights, ReadOnlySpan<double> rowWeights,
        double smoothing, int? ignored, out double weight)
    {
        SpanLength.RequireSame("ReferenceCrossEntropyTargets.OfLabels", "rowWeights", rowWeights.Length, "labels", labels.Length);
        int classes = classWeights.Length;
        var targets = new double[labels.Length * classes];
        weight = 0;
        for (int m = 0; m < labels.Length; m++)
        {
            int label = labels[m];
            if (label == ignored)
                continue;
            weight += rowWeights[m] * classWeights[label];
            for (int c = 0; c < classes; c++)
                targets[(m * classes) + c] = rowWeights[m] * smoothing / classes * classWeights[c];
            targets[(m * classes) + label] += rowWeights[m] * (1 - smoothing) * classWeights[label];
        }

        return targets;
    }

    /// <summary>Targets that are numbers, with the weights of rows and classes in them.</summary>
    /// <param name="given"><c>[rows, classes]</c>.</param>
    /// <param name="classWeights">A weight for each class.</param>
    /// <param name="rowWeights">A weight for each row.</param>
    /// <param name="smoothing">The part of a target that is spread evenly, from 0 to 1.</param>
    /// <param name="weight">What the mean divides by.</param>
    /// <returns><c>[rows, classes]</c>.</returns>
    public static double[] OfNumbers(ReadOnlySpan<double> given, ReadOnlySpan<double> classWeights, ReadOnlySpan<double> rowWeights,
        double smoothing, out double weight)
    {
        int classes = classWeights.Length;
        SpanLength.Require("ReferenceCrossEntropyTargets.OfNumbers", "given", given.Length, new Shape(rowWeights.Length, classes));
        var targets = new double[given.Length];
        weight = 0;
        for (int m = 0; m < rowWeights.Length; m++)
        {
            weight += rowWeights[m];
            for (int c = 0; c < classes; c++)
            {
                int i = (m * classes) + c;
                targets[i] = rowWeights[m] * classWeights[c] * (((1 - smoothing) * given[i]) + (smoothing / classes));
            }
        }

        return targets;
    }
}

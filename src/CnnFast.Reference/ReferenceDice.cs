namespace CnnFast.Reference;

/// <summary>
/// Soft Dice loss of one sample in double, <c>J = 1 − 1/C · Σ(c) (2·Σ p·t + s) / (Σ p + Σ t + s)</c>, the inner sums over the pixels of p
/// and t <c>[pixels, C]</c>, where p is the sigmoid or the softmax of the logits (Sudre et al., "Generalised Dice overlap as a deep
/// learning loss function for highly unbalanced segmentations", 2017, with equal weights). Thread-safe.
/// </summary>
public static class ReferenceDice
{
    /// <summary>The loss.</summary>
    /// <param name="classes">C.</param>
    /// <param name="isSoftmax">Softmax over the classes; else the sigmoid of each.</param>
    /// <param name="logits"><c>[pixels, C]</c>.</param>
    /// <param name="targets"><c>[pixels, C]</c>.</param>
    /// <param name="smoothing">s.</param>
    /// <returns>The loss, from 0 to 1.</returns>
    /// <exception cref="ShapeException">The lengths do not fit.</exception>
    public static double Forward(int classes, bool isSoftmax, ReadOnlySpan<double> logits, ReadOnlySpan<double> targets, double smoothing)
    {
        double[] p = Probabilities("ReferenceDice.Forward", classes, isSoftmax, logits, targets);
        double sum = 0;
        for (int c = 0; c < classes; c++)
        {
            (double both, double all) = Sums(c, classes, p, targets);
            sum += ((2 * both) + smoothing) / (all + smoothing);
        }

        return 1 - (sum / classes);
    }

    /// <summary>The gradient with respect to the logits.</summary>
    /// <param name="classes">C.</param>
    /// <param name="isSoftmax">Softmax over the classes; else the sigmoid of each.</param>
    /// <param name="logits"><c>[pixels, C]</c>.</param>
    /// <param name="targets"><c>[pixels, C]</c>.</param>
    /// <param name="smoothing">s.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <exception cref="ShapeException">The lengths do not fit.</exception>
    public static void Backward(int classes, bool isSoftmax, ReadOnlySpan<double> logits, ReadOnlySpan<double> targets, double smoothing,
        Span<double> dx)
    {
        double[] p = Probabilities("ReferenceDice.Backward", classes, isSoftmax, logits, targets), dp = new double[p.Length];
        SpanLength.RequireSame("ReferenceDice.Backward", "dx", dx.Length, "logits", logits.Length);
        for (int c = 0; c < classes; c++)
        {
            (double both, double all) = Sums(c, classes, p, targets);
            for (int i = c; i < p.Length; i += classes)
                dp[i] = -((2 * targets[i] * (all + smoothing)) - ((2 * both) + smoothing)) / Math.Pow(all + smoothing, 2) / classes;
        }

        if (isSoftmax)
        {
            ReferenceSoftmax.Backward(p.Length / classes, classes, p, dp, dx);
            return;
        }

        for (int i = 0; i < p.Length; i++)
            dx[i] = dp[i] * p[i] * (1 - p[i]);
    }

    private static double[] Probabilities(string who, int classes, bool isSoftmax, ReadOnlySpan<double> logits,
        ReadOnlySpan<double> targets)
    {
        SpanLength.Require(who, "logits", logits.Length, new Shape(logits.Length / classes, classes));
        SpanLength.RequireSame(who, "targets", targets.Length, "logits", logits.Length);
        var p = new double[logits.Length];
        if (isSoftmax)
            ReferenceSoftmax.Forward(logits.Length / classes, classes, logits, p);
        for (int i = 0; i < p.Length && !isSoftmax; i++)
            p[i] = 1 / (1 + Math.Exp(-logits[i]));
        return p;
    }

    private static (double Both, double All) Sums(int c, int classes, double[] p, ReadOnlySpan<double> targets)
    {
        double both = 0, all = 0;
        for (int i = c; i < p.Length; i += classes)
        {
            both += p[i] * targets[i];
            all += p[i] + targets[i];
        }

        return (both, all);
    }
}

namespace CnnFast.Reference;

/// <summary>
/// Sigmoid followed by the cross-entropy of yes and no, in double, as one loss of logits z and targets t:
/// <c>J = 1/n · Σ −t·log σ(z) − (1 − t)·log(1 − σ(z))</c> with <c>σ(z) = 1 / (1 + e^−z)</c>, computed as
/// <c>max(z, 0) − z·t + log(1 + e^−|z|)</c>. Its gradient is <c>dz = (σ(z) − t) / n</c>. Thread-safe.
/// </summary>
public static class ReferenceBinaryCrossEntropy
{
    /// <summary>The mean loss.</summary>
    /// <param name="logits">Values before the sigmoid.</param>
    /// <param name="targets">As many targets, from 0 to 1.</param>
    /// <returns>The mean, in nats.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static double Forward(ReadOnlySpan<double> logits, ReadOnlySpan<double> targets)
    {
        SpanLength.RequireSame("ReferenceBinaryCrossEntropy.Forward", "targets", targets.Length, "logits", logits.Length);
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double e = Math.Exp(-Math.Abs(logits[i]));

            // The series where 1 + e rounds away what is left of e.
            double log = e < 1e-5 ? e - (e * e / 2) : Math.Log(1 + e);
            sum += Math.Max(logits[i], 0) - (logits[i] * targets[i]) + log;
        }

        return sum / logits.Length;
    }

    /// <summary>
    /// The mean loss where a yes counts w: <c>J = 1/n · Σ −w·t·log σ(z) − (1 − t)·log(1 − σ(z))</c>, as in PyTorch's BCEWithLogitsLoss.
    /// </summary>
    /// <param name="logits">Values before the sigmoid.</param>
    /// <param name="targets">As many targets, from 0 to 1.</param>
    /// <param name="positiveWeights">As many weights w.</param>
    /// <returns>The mean, in nats.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static double Forward(ReadOnlySpan<double> logits, ReadOnlySpan<double> targets, ReadOnlySpan<double> positiveWeights)
    {
        SpanLength.RequireSame("ReferenceBinaryCrossEntropy.Forward", "targets", targets.Length, "logits", logits.Length);
        SpanLength.RequireSame("ReferenceBinaryCrossEntropy.Forward", "positiveWeights", positiveWeights.Length, "logits", logits.Length);
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double yes = Forward([logits[i]], [1]), no = Forward([logits[i]], [0]);
            sum += (positiveWeights[i] * targets[i] * yes) + ((1 - targets[i]) * no);
        }

        return sum / logits.Length;
    }

    /// <summary>The gradient where a yes counts w: <c>dz = ((1 − t)·σ(z) − w·t·(1 − σ(z))) / n</c>.</summary>
    /// <param name="logits">Values before the sigmoid.</param>
    /// <param name="targets">As many targets, from 0 to 1.</param>
    /// <param name="positiveWeights">As many weights w.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Backward(ReadOnlySpan<double> logits, ReadOnlySpan<double> targets, ReadOnlySpan<double> positiveWeights,
        Span<double> dx)
    {
        const string Who = "ReferenceBinaryCrossEntropy.Backward";
        SpanLength.RequireSame(Who, "targets", targets.Length, "logits", logits.Length);
        SpanLength.RequireSame(Who, "positiveWeights", positiveWeights.Length, "logits", logits.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "logits", logits.Length);
        for (int i = 0; i < logits.Length; i++)
        {
            double yes = 1 / (1 + Math.Exp(-logits[i])), no = 1 / (1 + Math.Exp(logits[i]));
            dx[i] = (((1 - targets[i]) * yes) - (positiveWeights[i] * targets[i] * no)) / logits.Length;
        }
    }

    /// <summary>The gradient of the mean loss with respect to the logits.</summary>
    /// <param name="logits">Values before the sigmoid.</param>
    /// <param name="targets">As many targets, from 0 to 1.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Backward(ReadOnlySpan<double> logits, ReadOnlySpan<double> targets, Span<double> dx)
    {
        const string Who = "ReferenceBinaryCrossEntropy.Backward";
        SpanLength.RequireSame(Who, "targets", targets.Length, "logits", logits.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "logits", logits.Length);
        for (int i = 0; i < logits.Length; i++)
            dx[i] = ((1 / (1 + Math.Exp(-logits[i]))) - targets[i]) / logits.Length;
    }
}

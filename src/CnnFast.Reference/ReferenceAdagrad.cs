namespace CnnFast.Reference;

/// <summary>
/// Adagrad in double (Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011), in
/// the form of PyTorch's Adagrad: <c>g' = g + λ·w</c>, <c>s = s + g'²</c>, <c>w = w − η / (1 + (t−1)·κ)·g' / (√s + ε)</c>. Thread-safe for
/// separate spans.
/// </summary>
public static class ReferenceAdagrad
{
    /// <summary>One step, in place.</summary>
    /// <param name="weights">The parameters w; updated.</param>
    /// <param name="gradient">The gradient g of the loss, of the same length.</param>
    /// <param name="sum">The sum s of the squares, of the same length; updated.</param>
    /// <param name="step">The number t of this step, 1 for the first.</param>
    /// <param name="learningRate">The learning rate η.</param>
    /// <param name="learningRateDecay">The decay κ of the learning rate.</param>
    /// <param name="epsilon">The ε added to the root.</param>
    /// <param name="l2">The weight decay λ; 0 for parameters that do not decay.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is below 1.</exception>
    public static void Step(
        Span<double> weights,
        ReadOnlySpan<double> gradient,
        Span<double> sum,
        int step,
        double learningRate,
        double learningRateDecay,
        double epsilon,
        double l2)
    {
        const string Who = "ReferenceAdagrad.Step";
        SpanLength.RequireSame(Who, "gradient", gradient.Length, "weights", weights.Length);
        SpanLength.RequireSame(Who, "sum", sum.Length, "weights", weights.Length);
        if (step < 1)
            throw new ArgumentOutOfRangeException(nameof(step), $"{Who}: step is {step}; expected 1 for the first step.");

        double rate = learningRate / (1 + ((step - 1) * learningRateDecay));
        for (int i = 0; i < weights.Length; i++)
        {
            double g = gradient[i] + (l2 * weights[i]);
            sum[i] += g * g;
            weights[i] -= rate * g / (Math.Sqrt(sum[i]) + epsilon);
        }
    }
}

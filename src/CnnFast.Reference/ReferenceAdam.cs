namespace CnnFast.Reference;

/// <summary>
/// Adam in double, by algorithm 1 of Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015: <c>m = β₁·m + (1−β₁)·g</c>,
/// <c>v = β₂·v + (1−β₂)·g²</c>, <c>m̂ = m / (1−β₁ᵗ)</c>, <c>v̂ = v / (1−β₂ᵗ)</c>, <c>w = w − η·m̂ / (√v̂ + ε)</c>. L2 regularisation adds
/// <c>λ·w</c> to the gradient first. AMSGrad (Reddi, Kale and Kumar, "On the convergence of Adam and beyond", ICLR 2018) divides by the
/// root of the largest v so far, corrected as v is. Thread-safe for separate spans.
/// </summary>
public static class ReferenceAdam
{
    /// <summary>One step, in place.</summary>
    /// <param name="weights">The parameters w; updated.</param>
    /// <param name="gradient">The gradient g of the loss, of the same length.</param>
    /// <param name="m">The first moment, of the same length, zero before the first step; updated.</param>
    /// <param name="v">The second moment, of the same length, zero before the first step; updated.</param>
    /// <param name="step">The number t of this step, 1 for the first.</param>
    /// <param name="learningRate">The learning rate η.</param>
    /// <param name="beta1">The decay β₁ of the first moment, in [0, 1).</param>
    /// <param name="beta2">The decay β₂ of the second moment, in [0, 1).</param>
    /// <param name="epsilon">The ε added to the root.</param>
    /// <param name="l2">The weight decay λ; 0 for parameters that do not decay.</param>
    /// <param name="largest">The largest second moment so far, of the same length, zero before the first step; updated. Empty for Adam
    /// without AMSGrad.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is below 1.</exception>
    public static void Step(
        Span<double> weights,
        ReadOnlySpan<double> gradient,
        Span<double> m,
        Span<double> v,
        int step,
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double l2,
        Span<double> largest = default)
    {
        const string Who = "ReferenceAdam.Step";
        SpanLength.RequireSame(Who, "gradient", gradient.Length, "weights", weights.Length);
        SpanLength.RequireSame(Who, "m", m.Length, "weights", weights.Length);
        SpanLength.RequireSame(Who, "v", v.Length, "weights", weights.Length);
        if (!largest.IsEmpty)
            SpanLength.RequireSame(Who, "largest", largest.Length, "weights", weights.Length);
        if (step < 1)
            throw new ArgumentOutOfRangeException(nameof(step), $"{Who}: step is {step}; expected 1 for the first step.");

        for (int i = 0; i < weights.Length; i++)
        {
            double g = gradient[i] + (l2 * weights[i]);
            m[i] = (beta1 * m[i]) + ((1 - beta1) * g);
            v[i] = (beta2 * v[i]) + ((1 - beta2) * g * g);
            double unbiasedM = m[i] / (1 - Math.Pow(beta1, step));
            double second = largest.IsEmpty ? v[i] : largest[i] = Math.Max(largest[i], v[i]);
            double unbiasedV = second / (1 - Math.Pow(beta2, step));
            weights[i] -= learningRate * unbiasedM / (Math.Sqrt(unbiasedV) + epsilon);
        }
    }
}

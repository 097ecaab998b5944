namespace CnnFast.Reference;

/// <summary>
/// AdamW in double, by algorithm 2 of Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, with PyTorch's scale of
/// the decay: <c>w = (1 − η·λ)·w</c>, <c>m = β₁·m + (1−β₁)·g</c>, <c>v = β₂·v + (1−β₂)·g²</c>, <c>w = w − η·m̂ / (√v̂ + ε)</c> with
/// <c>m̂ = m / (1−β₁ᵗ)</c> and <c>v̂ = v / (1−β₂ᵗ)</c>. Thread-safe for separate spans.
/// </summary>
public static class ReferenceAdamW
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
    /// <param name="weightDecay">The weight decay λ; 0 for parameters that do not decay.</param>
    /// <param name="largest">The largest second moment so far, as in <see cref="ReferenceAdam"/>; empty without AMSGrad.</param>
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
        double weightDecay,
        Span<double> largest = default)
    {
        for (int i = 0; i < weights.Length; i++)
            weights[i] *= 1 - (learningRate * weightDecay);
        ReferenceAdam.Step(weights, gradient, m, v, step, learningRate, beta1, beta2, epsilon, l2: 0, largest);
    }
}

namespace CnnFast.Reference;

/// <summary>
/// Lion in double, by algorithm 2 of Chen and others, "Symbolic discovery of optimization algorithms", NeurIPS 2023:
/// <c>w = w − η·(sign(β₁·m + (1−β₁)·g) + λ·w)</c>, then <c>m = β₂·m + (1−β₂)·g</c>; the sign of 0 is 0. Thread-safe for separate spans.
/// </summary>
public static class ReferenceLion
{
    /// <summary>One step, in place.</summary>
    /// <param name="weights">The parameters w; updated.</param>
    /// <param name="gradient">The gradient g of the loss, of the same length.</param>
    /// <param name="momentum">The momentum m, of the same length, zero before the first step; updated.</param>
    /// <param name="learningRate">The learning rate η.</param>
    /// <param name="beta1">How much of the momentum is in the step, β₁ in [0, 1).</param>
    /// <param name="beta2">The decay β₂ of the momentum, in [0, 1).</param>
    /// <param name="weightDecay">The weight decay λ; 0 for parameters that do not decay.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Step(Span<double> weights, ReadOnlySpan<double> gradient, Span<double> momentum, double learningRate, double beta1,
        double beta2, double weightDecay)
    {
        const string Who = "ReferenceLion.Step";
        SpanLength.RequireSame(Who, "gradient", gradient.Length, "weights", weights.Length);
        SpanLength.RequireSame(Who, "momentum", momentum.Length, "weights", weights.Length);

        for (int i = 0; i < weights.Length; i++)
        {
            double direction = (beta1 * momentum[i]) + ((1 - beta1) * gradient[i]);
            weights[i] -= learningRate * (Math.Sign(direction) + (weightDecay * weights[i]));
            momentum[i] = (beta2 * momentum[i]) + ((1 - beta2) * gradient[i]);
        }
    }
}

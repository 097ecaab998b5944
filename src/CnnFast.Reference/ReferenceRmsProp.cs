namespace CnnFast.Reference;

/// <summary>
/// RMSProp in double, in the form of PyTorch's RMSprop (Tieleman and Hinton, "Lecture 6.5: rmsprop", 2012): <c>g' = g + λ·w</c>,
/// <c>s = α·s + (1−α)·g'²</c>, <c>v = μ·v + g' / (√s + ε)</c>, <c>w = w − η·v</c>. Centered (Graves, "Generating sequences with recurrent
/// neural networks", 2013), with the mean <c>m = α·m + (1−α)·g'</c>, the root is that of <c>s − m²</c>. Thread-safe for separate spans.
/// </summary>
public static class ReferenceRmsProp
{
    /// <summary>One step, in place.</summary>
    /// <param name="weights">The parameters w; updated.</param>
    /// <param name="gradient">The gradient g of the loss, of the same length.</param>
    /// <param name="square">The mean square s, of the same length, zero before the first step; updated.</param>
    /// <param name="velocity">The velocity v, of the same length, zero before the first step; updated.</param>
    /// <param name="mean">The mean m, of the same length, zero before the first step; updated. Empty where it is not centered.</param>
    /// <param name="learningRate">The learning rate η.</param>
    /// <param name="alpha">The decay α of the mean square, in [0, 1).</param>
    /// <param name="epsilon">The ε added to the root.</param>
    /// <param name="momentum">The momentum μ; 0 for none.</param>
    /// <param name="l2">The weight decay λ; 0 for parameters that do not decay.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Step(
        Span<double> weights,
        ReadOnlySpan<double> gradient,
        Span<double> square,
        Span<double> velocity,
        Span<double> mean,
        double learningRate,
        double alpha,
        double epsilon,
        double momentum,
        double l2)
    {
        const string Who = "ReferenceRmsProp.Step";
        SpanLength.RequireSame(Who, "gradient", gradient.Length, "weights", weights.Length);
        SpanLength.RequireSame(Who, "square", square.Length, "weights", weights.Length);
        SpanLength.RequireSame(Who, "velocity", velocity.Length, "weights", weights.Length);
        if (!mean.IsEmpty)
            SpanLength.RequireSame(Who, "mean", mean.Length, "weights", weights.Length);

        for (int i = 0; i < weights.Length; i++)
        {
            double g = gradient[i] + (l2 * weights[i]);
            square[i] = (alpha * square[i]) + ((1 - alpha) * g * g);
            double centre = 0;
            if (!mean.IsEmpty)
                centre = mean[i] = (alpha * mean[i]) + ((1 - alpha) * g);
            velocity[i] = (momentum * velocity[i]) + (g / (Math.Sqrt(Math.Max(square[i] - (centre * centre), 0)) + epsilon));
            weights[i] -= learningRate * velocity[i];
        }
    }
}

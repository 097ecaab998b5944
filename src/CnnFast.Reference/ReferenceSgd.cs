namespace CnnFast.Reference;

/// <summary>
/// Stochastic gradient descent with momentum and L2 regularisation, in double: <c>g' = g + λ·w</c>, <c>v = μ·v + g'</c>, <c>w = w − η·v</c>
/// (Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; in the form of Sutskever et al., "On the importance
/// of initialization and momentum in deep learning", 2013, with the learning rate outside the velocity). As in PyTorch's SGD,
/// dampening <c>d</c> makes that <c>v = μ·v + (1−d)·g'</c>, and Nesterov's momentum <c>w = w − η·(g' + μ·v)</c>. Thread-safe for separate
/// spans.
/// </summary>
public static class ReferenceSgd
{
    /// <summary>One step, in place.</summary>
    /// <param name="weights">The parameters w; updated.</param>
    /// <param name="gradient">The gradient g of the loss, of the same length.</param>
    /// <param name="velocity">The velocity v, of the same length, zero before the first step; updated.</param>
    /// <param name="learningRate">The learning rate η.</param>
    /// <param name="momentum">The momentum μ; 0 for plain descent.</param>
    /// <param name="l2">The weight decay λ; 0 for parameters that do not decay.</param>
    /// <param name="dampening">The part d of the gradient that does not enter the velocity; 0 at the first step.</param>
    /// <param name="nesterov">Whether the momentum is Nesterov's.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Step(Span<double> weights, ReadOnlySpan<double> gradient, Span<double> velocity, double learningRate,
        double momentum, double l2, double dampening = 0, bool nesterov = false)
    {
        const string Who = "ReferenceSgd.Step";
        SpanLength.RequireSame(Who, "gradient", gradient.Length, "weights", weights.Length);
        SpanLength.RequireSame(Who, "velocity", velocity.Length, "weights", weights.Length);

        for (int i = 0; i < weights.Length; i++)
        {
            double g = gradient[i] + (l2 * weights[i]);
            velocity[i] = (momentum * velocity[i]) + ((1 - dampening) * g);
            weights[i] -= learningRate * (nesterov ? g + (momentum * velocity[i]) : velocity[i]);
        }
    }
}

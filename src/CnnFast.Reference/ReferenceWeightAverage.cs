namespace CnnFast.Reference;

/// <summary>
/// The exponential moving average of weights in double: <c>a = δ·a + (1−δ)·w</c> (Polyak and Juditsky, "Acceleration of stochastic
/// approximation by averaging", 1992). Thread-safe for separate spans.
/// </summary>
public static class ReferenceWeightAverage
{
    /// <summary>One step, in place.</summary>
    /// <param name="average">The averages a; updated.</param>
    /// <param name="weights">The weights w, of the same length.</param>
    /// <param name="decay">The decay δ, in [0, 1].</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Step(Span<double> average, ReadOnlySpan<double> weights, double decay)
    {
        SpanLength.RequireSame("ReferenceWeightAverage.Step", "weights", weights.Length, "average", average.Length);
        for (int i = 0; i < average.Length; i++)
            average[i] = (decay * average[i]) + ((1 - decay) * weights[i]);
    }
}

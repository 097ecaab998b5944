namespace CnnFast.Reference;

/// <summary>
/// The mean squared error in double, <c>J = 1/n · Σ (x − t)²</c> over n values, and its gradient <c>dx = 2·(x − t) / n</c>. Thread-safe.
/// </summary>
public static class ReferenceMeanSquaredError
{
    /// <summary>The mean loss.</summary>
    /// <param name="x">The outputs.</param>
    /// <param name="targets">As many targets.</param>
    /// <returns>The mean.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static double Forward(ReadOnlySpan<double> x, ReadOnlySpan<double> targets)
    {
        SpanLength.RequireSame("ReferenceMeanSquaredError.Forward", "targets", targets.Length, "x", x.Length);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += (x[i] - targets[i]) * (x[i] - targets[i]);
        return sum / x.Length;
    }

    /// <summary>The gradient of the mean loss with respect to the outputs.</summary>
    /// <param name="x">The outputs.</param>
    /// <param name="targets">As many targets.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Backward(ReadOnlySpan<double> x, ReadOnlySpan<double> targets, Span<double> dx)
    {
        const string Who = "ReferenceMeanSquaredError.Backward";
        SpanLength.RequireSame(Who, "targets", targets.Length, "x", x.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            dx[i] = 2 * (x[i] - targets[i]) / x.Length;
    }
}

namespace CnnFast.Reference;

/// <summary>
/// The mean absolute error in double, <c>J = 1/n · Σ |x − t|</c> over n values, and its gradient <c>dx = sign(x − t) / n</c>, 0 where x is
/// t. Thread-safe.
/// </summary>
public static class ReferenceMeanAbsoluteError
{
    /// <summary>The mean loss.</summary>
    /// <param name="x">The outputs.</param>
    /// <param name="targets">As many targets.</param>
    /// <returns>The mean.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static double Forward(ReadOnlySpan<double> x, ReadOnlySpan<double> targets)
    {
        SpanLength.RequireSame("ReferenceMeanAbsoluteError.Forward", "targets", targets.Length, "x", x.Length);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += Math.Abs(x[i] - targets[i]);
        return sum / x.Length;
    }

    /// <summary>The gradient of the mean loss with respect to the outputs.</summary>
    /// <param name="x">The outputs.</param>
    /// <param name="targets">As many targets.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Backward(ReadOnlySpan<double> x, ReadOnlySpan<double> targets, Span<double> dx)
    {
        const string Who = "ReferenceMeanAbsoluteError.Backward";
        SpanLength.RequireSame(Who, "targets", targets.Length, "x", x.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            dx[i] = Math.Sign(x[i] - targets[i]) / (double)x.Length;
    }
}

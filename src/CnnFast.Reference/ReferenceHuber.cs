namespace CnnFast.Reference;

/// <summary>
/// The loss of Huber in double, <c>J = 1/n · Σ h(x − t)</c> with <c>h(d) = ½·d²</c> where |d| ≤ δ and <c>δ·(|d| − ½·δ)</c> beyond ("Robust
/// Estimation of a Location Parameter", 1964), and its gradient <c>dx = max(−δ, min(δ, x − t)) / n</c>. Thread-safe.
/// </summary>
public static class ReferenceHuber
{
    /// <summary>The mean loss.</summary>
    /// <param name="x">The outputs.</param>
    /// <param name="targets">As many targets.</param>
    /// <param name="delta">δ, above 0.</param>
    /// <returns>The mean.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static double Forward(ReadOnlySpan<double> x, ReadOnlySpan<double> targets, double delta)
    {
        SpanLength.RequireSame("ReferenceHuber.Forward", "targets", targets.Length, "x", x.Length);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double d = Math.Abs(x[i] - targets[i]);
            sum += d <= delta ? d * d / 2 : delta * (d - (delta / 2));
        }

        return sum / x.Length;
    }

    /// <summary>The gradient of the mean loss with respect to the outputs.</summary>
    /// <param name="x">The outputs.</param>
    /// <param name="targets">As many targets.</param>
    /// <param name="delta">δ, above 0.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Backward(ReadOnlySpan<double> x, ReadOnlySpan<double> targets, double delta, Span<double> dx)
    {
        const string Who = "ReferenceHuber.Backward";
        SpanLength.RequireSame(Who, "targets", targets.Length, "x", x.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            dx[i] = Math.Max(-delta, Math.Min(delta, x[i] - targets[i])) / x.Length;
    }
}

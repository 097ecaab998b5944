namespace CnnFast.Reference;

/// <summary>
/// ELU in double, <c>y = x &lt; 0 ? alpha·(eˣ − 1) : x</c> (Clevert, Unterthiner, Hochreiter, "Fast and accurate deep network learning
/// by exponential linear units", 2016).
/// Outputs may be inputs. Thread-safe.
/// </summary>
public static class ReferenceELU
{
    /// <summary>The forward pass.</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <param name="alpha">The result is above −alpha.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Forward(ReadOnlySpan<double> x, Span<double> y, double alpha)
    {
        SpanLength.RequireSame("ReferenceELU.Forward", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] < 0 ? alpha * ExponentialLess1(x[i]) : x[i];
    }

    /// <summary>The gradient with respect to the input: <c>dx = x &gt; 0 ? dy : alpha·eˣ·dy</c>.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of the output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <param name="alpha">The result is above −alpha.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Backward(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx, double alpha)
    {
        const string Who = "ReferenceELU.Backward";
        SpanLength.RequireSame(Who, "dy", dy.Length, "x", x.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            dx[i] = x[i] > 0 ? dy[i] : alpha * Math.Exp(x[i]) * dy[i];
    }

    // Three terms of the series where the difference would lose digits.
    private static double ExponentialLess1(double x) => Math.Abs(x) < 1e-5 ? x * (1 + (x / 2 * (1 + (x / 3)))) : Math.Exp(x) - 1;
}

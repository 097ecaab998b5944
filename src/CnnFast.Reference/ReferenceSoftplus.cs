namespace CnnFast.Reference;

/// <summary>
/// Softplus in double, <c>y = ln(1 + eˣ)</c> (Dugas et al., "Incorporating second-order functional knowledge for better option pricing",
/// 2001). Outputs may be inputs. Thread-safe.
/// </summary>
public static class ReferenceSoftplus
{
    /// <summary>The forward pass.</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Forward(ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.RequireSame("ReferenceSoftplus.Forward", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = Math.Max(x[i], 0) + LogarithmOf1Plus(Math.Exp(-Math.Abs(x[i])));
    }

    /// <summary>The gradient with respect to the input: <c>dx = sigmoid(x)·dy</c>.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of the output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Backward(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        const string Who = "ReferenceSoftplus.Backward";
        SpanLength.RequireSame(Who, "dy", dy.Length, "x", x.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            dx[i] = dy[i] / (1 + Math.Exp(-x[i]));
    }

    // Three terms of the series where the sum would lose digits.
    private static double LogarithmOf1Plus(double x) => x < 1e-5 ? x * (1 - (x / 2 * (1 - (x * 2 / 3)))) : Math.Log(1 + x);
}

namespace CnnFast.Reference;

/// <summary>
/// Mish in double, <c>y = x·tanh(ln(1 + eˣ))</c> (Misra, "Mish: a self regularized non-monotonic activation function", 2019).
/// Outputs may be inputs. Thread-safe.
/// </summary>
public static class ReferenceMish
{
    /// <summary>The forward pass.</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Forward(ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.RequireSame("ReferenceMish.Forward", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] * Math.Tanh(Softplus(x[i]));
    }

    /// <summary>The gradient with respect to the input: <c>dx = (t + x·(1 − t²)·sigmoid(x))·dy</c> with t = tanh(ln(1 + eˣ)); at ±∞ the
    /// limit.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of the output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Backward(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        const string Who = "ReferenceMish.Backward";
        SpanLength.RequireSame(Who, "dy", dy.Length, "x", x.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double t = Math.Tanh(Softplus(x[i]));
            double bend = double.IsInfinity(x[i]) ? 0 : x[i] * (1 - (t * t)) / (1 + Math.Exp(-x[i]));
            dx[i] = dy[i] * (t + bend);
        }
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}

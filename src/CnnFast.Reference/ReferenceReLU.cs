namespace CnnFast.Reference;

/// <summary>
/// The rectified linear unit <c>y = max(0, x)</c>, in double, with the derivative 1 where x &gt; 0, else 0 (0 at exactly 0)
/// (Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines", 2010). Thread-safe.
/// </summary>
public static class ReferenceReLU
{
    /// <summary>The forward pass: <c>y = x &lt; 0 ? 0 : x</c>, so that NaN and −0 pass through.</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Forward(ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.RequireSame("ReferenceReLU.Forward", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] < 0 ? 0 : x[i];
    }

    /// <summary>The gradient with respect to the input: <c>dx = y &gt; 0 ? dy : 0</c>.</summary>
    /// <param name="y">The output of the forward pass, or its input: both are above 0 at the same elements.</param>
    /// <param name="dy">Gradient of the output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length; may be <paramref name="dy"/> itself.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Backward(ReadOnlySpan<double> y, ReadOnlySpan<double> dy, Span<double> dx)
    {
        const string Who = "ReferenceReLU.Backward";
        SpanLength.RequireSame(Who, "dy", dy.Length, "y", y.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "y", y.Length);
        for (int i = 0; i < y.Length; i++)
            dx[i] = y[i] > 0 ? dy[i] : 0;
    }
}

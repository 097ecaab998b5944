namespace CnnFast.Reference;

/// <summary>
/// The ReLU with one slope a channel below 0, <c>y = x &lt; 0 ? slope·x : x</c> over <c>[pixels, channels]</c>, in double
/// (He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015). Outputs may be inputs. Thread-safe.
/// </summary>
public static class ReferencePReLU
{
    /// <summary>The forward pass.</summary>
    /// <param name="x">Input, <c>[pixels, channels]</c>.</param>
    /// <param name="slope">One slope a channel.</param>
    /// <param name="y">Receives the output, of the length of <paramref name="x"/>.</param>
    /// <exception cref="ShapeException">The lengths do not fit.</exception>
    public static void Forward(ReadOnlySpan<double> x, ReadOnlySpan<double> slope, Span<double> y)
    {
        SpanLength.RequireSame("ReferencePReLU.Forward", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] < 0 ? slope[i % slope.Length] * x[i] : x[i];
    }

    /// <summary>The gradients: <c>dx = x &gt; 0 ? dy : slope·dy</c> and <c>dslope = Σ min(x, 0)·dy</c> over the pixels.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="slope">One slope a channel.</param>
    /// <param name="dy">Gradient of the output, of the length of <paramref name="x"/>.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <param name="dslope">Receives the gradient of the slopes.</param>
    /// <exception cref="ShapeException">The lengths do not fit.</exception>
    public static void Backward(ReadOnlySpan<double> x, ReadOnlySpan<double> slope, ReadOnlySpan<double> dy, Span<double> dx,
        Span<double> dslope)
    {
        const string Who = "ReferencePReLU.Backward";
        SpanLength.RequireSame(Who, "dy", dy.Length, "x", x.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "x", x.Length);
        SpanLength.RequireSame(Who, "dslope", dslope.Length, "slope", slope.Length);
        dslope.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            int channel = i % slope.Length;
            dslope[channel] += Math.Min(x[i], 0) * dy[i];
            dx[i] = x[i] > 0 ? dy[i] : slope[channel] * dy[i];
        }
    }
}

namespace CnnFast.Reference;

/// <summary>Activations in double, element by element; every output may be its input. Thread-safe.</summary>
public static class ReferenceActivation
{
    /// <summary><c>y = min(max(x, low), high)</c>; a NaN passes through.</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Clip(ReadOnlySpan<double> x, Span<double> y, double low, double high)
    {
        SpanLength.RequireSame("ReferenceActivation.Clip", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] < low ? low : x[i] > high ? high : x[i];
    }

    /// <summary>
    /// <c>y = x &lt; 0 ? slope·x : x</c> (Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013).
    /// </summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <param name="slope">The factor of negative inputs.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void LeakyReLU(ReadOnlySpan<double> x, Span<double> y, double slope)
    {
        SpanLength.RequireSame("ReferenceActivation.LeakyReLU", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] < 0 ? slope * x[i] : x[i];
    }

    /// <summary><c>y = max(x &lt; 0 ? slope·x : x, floor)</c>; a NaN passes through.</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <param name="slope">The factor of negative inputs.</param>
    /// <param name="floor">The lower bound.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void FlooredLeakyReLU(ReadOnlySpan<double> x, Span<double> y, double slope, double floor)
    {
        LeakyReLU(x, y, slope);
        Clip(y, y, floor, double.PositiveInfinity);
    }

    /// <summary><c>y = 1 / (1 + e⁻ˣ)</c>.</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.RequireSame("ReferenceActivation.Sigmoid", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = 1 / (1 + Math.Exp(-x[i]));
    }

    /// <summary><c>y = x · sigmoid(x)</c> (Elfwing, Uchibe, Doya, "Sigmoid-weighted linear units", 2018).</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void SiLU(ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.RequireSame("ReferenceActivation.SiLU", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] * (1 / (1 + Math.Exp(-x[i])));
    }

    /// <summary><c>y = x · min(max(x + 3, 0), 6) / 6</c> (Howard et al., "Searching for MobileNetV3", 2019).</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void HardSwish(ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.RequireSame("ReferenceActivation.HardSwish", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double gate = x[i] + 3;
            y[i] = x[i] * (gate < 0 ? 0 : gate > 6 ? 6 : gate) / 6;
        }
    }

    /// <summary><c>y = min(max(alpha·x + beta, 0), 1)</c>.</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <param name="alpha">The slope.</param>
    /// <param name="beta">The value at 0.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void HardSigmoid(ReadOnlySpan<double> x, Span<double> y, double alpha, double beta)
    {
        SpanLength.RequireSame("ReferenceActivation.HardSigmoid", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double value = (alpha * x[i]) + beta;
            y[i] = value < 0 ? 0 : value > 1 ? 1 : value;
        }
    }

    /// <summary><c>y = tanh(x)</c>.</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Tanh(ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.RequireSame("ReferenceActivation.Tanh", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = Math.Tanh(x[i]);
    }

    /// <summary>
    /// <c>y = erf(x)</c>: the series of Abramowitz and Stegun 7.1.5 near 0, the continued fraction 7.1.14 of the complement farther out.
    /// </summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void ErrorFunction(ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.RequireSame("ReferenceActivation.ErrorFunction", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = ErrorFunction(x[i]);
    }

    /// <summary><c>y = x · (1 + erf(x / √2)) / 2</c> (Hendrycks, Gimpel, "Gaussian error linear units", 2016).</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void GELU(ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.RequireSame("ReferenceActivation.GELU", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] / 2 * (1 + ErrorFunction(x[i] / Math.Sqrt(2)));
    }

    /// <summary><c>y = x · (1 + tanh(√(2/π) · (x + 0.044715·x³))) / 2</c>.</summary>
    /// <param name="x">Input, any shape.</param>
    /// <param name="y">Receives the output, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void GELUTanh(ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.RequireSame("ReferenceActivation.GELUTanh", "y", y.Length, "x", x.Length);
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x[i] + (0.044715 * x[i] * x[i] * x[i]))));
    }

    internal static double ErrorFunction(double value)
    {
        double x = Math.Abs(value);
        if (double.IsNaN(x) || x > 6)
            return double.IsNaN(x) ? x : Math.Sign(value);
        if (x < 2.5)
        {
            double term = x;
            double sum = x;
            for (int n = 1; n < 60; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }

            return Math.CopySign(sum * 2 / Math.Sqrt(Math.PI), value);
        }

        double fraction = x;
        for (int n = 60; n >= 1; n--)
            fraction = x + (n / 2.0 / fraction);
        return Math.CopySign(1 - (Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction), value);
    }
}

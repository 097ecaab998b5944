namespace CnnFast.Reference;

/// <summary>
/// The gradients of <see cref="ReferenceActivation"/> with respect to the input, from the input, in double; dx may be dy. Thread-safe.
/// </summary>
public static class ReferenceActivationGradient
{
    /// <summary><c>dx = low &lt; x &lt; high ? dy : 0</c>.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Clip(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx, double low, double high)
    {
        Require("Clip", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = x[i] > low && x[i] < high ? dy[i] : 0;
    }

    /// <summary><c>dx = x &gt; 0 ? dy : slope·dy</c>.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <param name="slope">The factor of negative inputs.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void LeakyReLU(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx, double slope)
    {
        Require("LeakyReLU", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
    }

    /// <summary><c>dx = s·(1 − s)·dy</c> with s = sigmoid(x).</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        Require("Sigmoid", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = dy[i] * Logistic(x[i]) * Logistic(-x[i]);
    }

    /// <summary><c>dx = (1 − tanh² x)·dy</c>.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Tanh(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        Require("Tanh", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = dy[i] * (1 - (Math.Tanh(x[i]) * Math.Tanh(x[i])));
    }

    /// <summary><c>dx = s·(1 + x·(1 − s))·dy</c> with s = sigmoid(x); its limits, dy and 0, at infinities.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void SiLU(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        Require("SiLU", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = dy[i] * Gated(x[i], Logistic(x[i]), Logistic(x[i]) * Logistic(-x[i]));
    }

    /// <summary><c>dx = dy</c> times 0 where x ≤ −3, 1 where x ≥ 3, else (2x + 3)/6.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void HardSwish(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        Require("HardSwish", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = dy[i] * (x[i] <= -3 ? 0 : x[i] >= 3 ? 1 : ((2 * x[i]) + 3) / 6);
    }

    /// <summary><c>dx = y &gt; floor ? (x &gt; 0 ? dy : slope·dy) : 0</c> with y the leaky ReLU of x before its floor.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <param name="slope">The factor of negative inputs.</param>
    /// <param name="floor">The lower bound.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void FlooredLeakyReLU(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx, double slope, double floor)
    {
        Require("FlooredLeakyReLU", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = (x[i] < 0 ? slope * x[i] : x[i]) > floor ? (x[i] > 0 ? dy[i] : slope * dy[i]) : 0;
    }

    /// <summary><c>dx = 0 &lt; alpha·x + beta &lt; 1 ? alpha·dy : 0</c>.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <param name="alpha">The slope.</param>
    /// <param name="beta">The value at 0.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void HardSigmoid(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx, double alpha, double beta)
    {
        Require("HardSigmoid", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = (alpha * x[i]) + beta is > 0 and < 1 ? alpha * dy[i] : 0;
    }

    /// <summary><c>dx = 2/√π·e^−x²·dy</c>.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void ErrorFunction(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        Require("ErrorFunction", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = dy[i] * 2 / Math.Sqrt(Math.PI) * Math.Exp(-x[i] * x[i]);
    }

    /// <summary><c>dx = (Φ(x) + x·φ(x))·dy</c>, the normal distribution and its density; at ±∞ the limit.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void GELU(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        Require("GELU", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = dy[i] * Gated(x[i], (1 + ReferenceActivation.ErrorFunction(x[i] / Math.Sqrt(2))) / 2,
                Math.Exp(-x[i] * x[i] / 2) / Math.Sqrt(2 * Math.PI));
    }

    /// <summary><c>dx = (s + x·s·(1 − s)·z′)·dy</c> with s = sigmoid(z), z = √(8/π)·(x + 0.044715·x³); at ±∞ the limit.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void GELUTanh(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        Require("GELUTanh", x, dy, dx);
        double root = Math.Sqrt(8 / Math.PI);
        for (int i = 0; i < x.Length; i++)
        {
            // Past 100 the sigmoid is 0 or 1 in double too.
            double held = Math.Clamp(x[i], -100, 100);
            double z = root * held * (1 + (0.044715 * held * held));
            double gate = Logistic(z);
            dx[i] = dy[i] * Gated(held, gate, gate * Logistic(-z) * root * (1 + (3 * 0.044715 * held * held)));
        }
    }

    // The derivative of x·gate(x) from the gate and its slope.
    private static double Gated(double x, double gate, double slope) => double.IsInfinity(x) ? gate : gate + (x * slope);

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static void Require(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> dy, ReadOnlySpan<double> dx)
    {
        SpanLength.RequireSame($"ReferenceActivationGradient.{name}", "dy", dy.Length, "x", x.Length);
        SpanLength.RequireSame($"ReferenceActivationGradient.{name}", "dx", dx.Length, "x", x.Length);
    }
}

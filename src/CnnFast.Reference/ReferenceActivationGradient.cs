namespace CnnFast.Reference;

/// <summary>The gradients of <see cref="ReferenceActivation"/> with respect to the input, from the input, in double; dx may be dy. Thread-safe.</summary>
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

    /// <summary><c>dx = s·(1 + x·(1 − s))·dy</c> with s = sigmoid(x).</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of its output, of the same length.</param>
    /// <param name="dx">Receives the gradient of the input, of the same length.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void SiLU(ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        Require("SiLU", x, dy, dx);
        for (int i = 0; i < x.Length; i++)
            dx[i] = dy[i] * Logistic(x[i]) * (1 + (x[i] * Logistic(-x[i])));
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

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static void Require(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> dy, ReadOnlySpan<double> dx)
    {
        SpanLength.RequireSame($"ReferenceActivationGradient.{name}", "dy", dy.Length, "x", x.Length);
        SpanLength.RequireSame($"ReferenceActivationGradient.{name}", "dx", dx.Length, "x", x.Length);
    }
}

namespace CnnFast.Reference;

/// <summary>
/// Batch normalisation by its definition, in double (Ioffe and Szegedy, "Batch normalization", 2015), over a tensor
/// <c>[pixels, channels]</c>: every channel on its own, <c>y = gamma·(x − mean) / √(variance + epsilon) + beta</c>. All functions overwrite
/// their output and are thread-safe.
/// </summary>
public static class ReferenceBatchNormalization
{
    /// <summary>The mean and the biased variance of every channel over the pixels.</summary>
    /// <param name="pixels">Pixels: samples × places.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="x">Input <c>[pixels, channels]</c>.</param>
    /// <param name="mean">Receives <c>Σ x / pixels</c>, <c>[channels]</c>.</param>
    /// <param name="variance">Receives <c>Σ (x − mean)² / pixels</c>, <c>[channels]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void Statistics(int pixels, int channels, ReadOnlySpan<double> x, Span<double> mean, Span<double> variance)
    {
        const string Who = "ReferenceBatchNormalization.Statistics";
        SpanLength.Require(Who, "x", x.Length, new Shape(pixels, channels));
        SpanLength.Require(Who, "mean", mean.Length, new Shape(channels));
        SpanLength.Require(Who, "variance", variance.Length, new Shape(channels));

        for (int c = 0; c < channels; c++)
        {
            double sum = 0;
            for (int p = 0; p < pixels; p++)
                sum += x[(p * channels) + c];
            mean[c] = sum / pixels;
            double squares = 0;
            for (int p = 0; p < pixels; p++)
            {
                double d = x[(p * channels) + c] - mean[c];
                squares += d * d;
            }

            variance[c] = squares / pixels;
        }
    }

    /// <summary>The output for given statistics: those of the batch in training, moving averages in inference.</summary>
    /// <param name="pixels">Pixels: samples × places.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="x">Input <c>[pixels, channels]</c>.</param>
    /// <param name="gamma">Scale <c>[channels]</c>, or empty for 1.</param>
    /// <param name="beta">Offset <c>[channels]</c>, or empty for 0.</param>
    /// <param name="mean">Mean <c>[channels]</c>.</param>
    /// <param name="variance">Variance <c>[channels]</c>.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="y">Receives the output <c>[pixels, channels]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void Forward(int pixels, int channels, ReadOnlySpan<double> x, ReadOnlySpan<double> gamma, ReadOnlySpan<double> beta,
        ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, double epsilon, Span<double> y)
    {
        const string Who = "ReferenceBatchNormalization.Forward";
        SpanLength.Require(Who, "x", x.Length, new Shape(pixels, channels));
        SpanLength.RequireOrEmpty(Who, "gamma", gamma.Length, new Shape(channels));
        SpanLength.RequireOrEmpty(Who, "beta", beta.Length, new Shape(channels));
        SpanLength.Require(Who, "mean", mean.Length, new Shape(channels));
        SpanLength.Require(Who, "variance", variance.Length, new Shape(channels));
        SpanLength.Require(Who, "y", y.Length, new Shape(pixels, channels));

        for (int i = 0; i < x.Length; i++)
        {
            int c = i % channels;
            double normal = (x[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon);
            y[i] = (normal * (gamma.IsEmpty ? 1 : gamma[c])) + (beta.IsEmpty ? 0 : beta[c]);
        }
    }

    /// <summary>The gradients of gamma and beta: <c>Σ dy·(x − mean) / √(variance + epsilon)</c> and <c>Σ dy</c>.</summary>
    /// <param name="pixels">Pixels: samples × places.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="x">Input <c>[pixels, channels]</c>.</param>
    /// <param name="dy">Gradient of the output <c>[pixels, channels]</c>.</param>
    /// <param name="mean">The mean that the forward pass used.</param>
    /// <param name="variance">The variance that it used.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="dgamma">Receives the gradient of the scale <c>[channels]</c>.</param>
    /// <param name="dbeta">Receives the gradient of the offset <c>[channels]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void BackwardParameters(int pixels, int channels, ReadOnlySpan<double> x, ReadOnlySpan<double> dy,
        ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, double epsilon, Span<double> dgamma, Span<double> dbeta)
    {
        const string Who = "ReferenceBatchNormalization.BackwardParameters";
        SpanLength.Require(Who, "x", x.Length, new Shape(pixels, channels));
        SpanLength.Require(Who, "dy", dy.Length, new Shape(pixels, channels));
        SpanLength.Require(Who, "mean", mean.Length, new Shape(channels));
        SpanLength.Require(Who, "variance", variance.Length, new Shape(channels));
        SpanLength.Require(Who, "dgamma", dgamma.Length, new Shape(channels));
        SpanLength.Require(Who, "dbeta", dbeta.Length, new Shape(channels));

        dgamma.Clear();
        dbeta.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % channels;
            dgamma[c] += dy[i] * (x[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon);
            dbeta[c] += dy[i];
        }
    }

    /// <summary>The gradient of the input where the statistics are those of the input: the chain rule through mean and variance.</summary>
    /// <param name="pixels">Pixels: samples × places.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="x">Input <c>[pixels, channels]</c>.</param>
    /// <param name="dy">Gradient of the output <c>[pixels, channels]</c>.</param>
    /// <param name="gamma">Scale <c>[channels]</c>, or empty for 1.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="dx">Receives the gradient of the input <c>[pixels, channels]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void BackwardData(int pixels, int channels, ReadOnlySpan<double> x, ReadOnlySpan<double> dy, ReadOnlySpan<double> gamma,
        double epsilon, Span<double> dx)
    {
        const string Who = "ReferenceBatchNormalization.BackwardData";
        SpanLength.Require(Who, "dy", dy.Length, new Shape(pixels, channels));
        SpanLength.RequireOrEmpty(Who, "gamma", gamma.Length, new Shape(channels));
        SpanLength.Require(Who, "dx", dx.Length, new Shape(pixels, channels));
        var mean = new double[channels];
        var variance = new double[channels];
        Statistics(pixels, channels, x, mean, variance);

        for (int c = 0; c < channels; c++)
        {
            // As in the article: the gradients of the normalised values, of the variance, of the mean.
            double g = gamma.IsEmpty ? 1 : gamma[c];
            double root = Math.Sqrt(variance[c] + epsilon);
            double dVariance = 0, dMean = 0;
            for (int i = c; i < x.Length; i += channels)
            {
                dVariance += dy[i] * g * (x[i] - mean[c]) * -0.5 / (root * root * root);
                dMean -= dy[i] * g / root;
            }

            for (int i = c; i < x.Length; i += channels)
                dx[i] = (dy[i] * g / root) + (dVariance * 2 * (x[i] - mean[c]) / pixels) + (dMean / pixels);
        }
    }
}

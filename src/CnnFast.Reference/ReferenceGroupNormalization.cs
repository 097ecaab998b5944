namespace CnnFast.Reference;

/// <summary>
/// Group normalisation by its definition, in double (Wu and He, "Group normalization", 2018), over a tensor
/// <c>[samples, pixels, groups, channels]</c>: every group of every sample on its own,
/// <c>y = gamma·(x − mean) / √(variance + epsilon) + beta</c> with the mean and the biased variance over its pixels and channels, gamma and
/// beta <c>[groups, channels]</c>. One group of one pixel is layer normalisation (Ba, Kiros, Hinton 2016), one channel a group instance
/// normalisation (Ulyanov, Vedaldi, Lempitsky 2016). All functions overwrite their output and are thread-safe.
/// </summary>
public static class ReferenceGroupNormalization
{
    /// <summary>The output.</summary>
    /// <param name="input">Samples, pixels, groups, channels of a group.</param>
    /// <param name="x">The input.</param>
    /// <param name="gamma">Scale <c>[groups, channels]</c>, or empty for 1.</param>
    /// <param name="beta">Offset <c>[groups, channels]</c>, or empty for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="y">Receives the output.</param>
    /// <exception cref="ShapeException">The input has not four dimensions, or a span has another length than its shape.</exception>
    public static void Forward(Shape input, ReadOnlySpan<double> x, ReadOnlySpan<double> gamma, ReadOnlySpan<double> beta, double epsilon,
        Span<double> y)
    {
        const string Who = "ReferenceGroupNormalization.Forward";
        RequireRank(Who, input);
        SpanLength.Require(Who, "x", x.Length, input);
        SpanLength.RequireOrEmpty(Who, "gamma", gamma.Length, new Shape(input[2], input[3]));
        SpanLength.RequireOrEmpty(Who, "beta", beta.Length, new Shape(input[2], input[3]));
        SpanLength.Require(Who, "y", y.Length, input);

        for (int n = 0; n < input[0]; n++)
        {
            for (int g = 0; g < input[2]; g++)
            {
                (double mean, double variance) = Statistics(input, x, n, g);
                for (int p = 0; p < input[1]; p++)
                {
                    for (int c = 0; c < input[3]; c++)
                    {
                        int i = Index(input, n, p, g, c);
                        int number = (g * input[3]) + c;
                        y[i] = ((x[i] - mean) / Math.Sqrt(variance + epsilon) * (gamma.IsEmpty ? 1 : gamma[number]))
                            + (beta.IsEmpty ? 0 : beta[number]);
                    }
                }
            }
        }
    }

    /// <summary>The gradients, by the chain rule through mean and variance.</summary>
    /// <param name="input">Samples, pixels, groups, channels of a group.</param>
    /// <param name="x">The input.</param>
    /// <param name="dy">The gradient of the output.</param>
    /// <param name="gamma">Scale <c>[groups, channels]</c>, or empty for 1.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="dgamma">Receives the gradient of the scale <c>[groups, channels]</c>.</param>
    /// <param name="dbeta">Receives the gradient of the offset <c>[groups, channels]</c>.</param>
    /// <param name="dx">Receives the gradient of the input.</param>
    /// <exception cref="ShapeException">The input has not four dimensions, or a span has another length than its shape.</exception>
    public static void Backward(Shape input, ReadOnlySpan<double> x, ReadOnlySpan<double> dy, ReadOnlySpan<double> gamma, double epsilon,
        Span<double> dgamma, Span<double> dbeta, Span<double> dx)
    {
        const string Who = "ReferenceGroupNormalization.Backward";
        RequireRank(Who, input);
        SpanLength.Require(Who, "x", x.Length, input);
        SpanLength.Require(Who, "dy", dy.Length, input);
        SpanLength.RequireOrEmpty(Who, "gamma", gamma.Length, new Shape(input[2], input[3]));
        SpanLength.Require(Who, "dgamma", dgamma.Length, new Shape(input[2], input[3]));
        SpanLength.Require(Who, "dbeta", dbeta.Length, new Shape(input[2], input[3]));
        SpanLength.Require(Who, "dx", dx.Length, input);

        dgamma.Clear();
        dbeta.Clear();
        double elements = (double)input[1] * input[3];
        for (int n = 0; n < input[0]; n++)
        {
            for (int g = 0; g < input[2]; g++)
            {
                (double mean, double variance) = Statistics(input, x, n, g);
                double root = Math.Sqrt(variance + epsilon);
                double dVariance = 0, dMean = 0;
                for (int p = 0; p < input[1]; p++)
                {
                    for (int c = 0; c < input[3]; c++)
                    {
                        int i = Index(input, n, p, g, c);
                        int number = (g * input[3]) + c;
                        double dNormal = dy[i] * (gamma.IsEmpty ? 1 : gamma[number]);
                        dgamma[number] += dy[i] * (x[i] - mean) / root;
                        dbeta[number] += dy[i];
                        dVariance += dNormal * (x[i] - mean) * -0.5 / (root * root * root);
                        dMean -= dNormal / root;
                    }
                }

                for (int p = 0; p < input[1]; p++)
                {
                    for (int c = 0; c < input[3]; c++)
                    {
                        int i = Index(input, n, p, g, c);
                        double dNormal = dy[i] * (gamma.IsEmpty ? 1 : gamma[(g * input[3]) + c]);
                        dx[i] = (dNormal / root) + (dVariance * 2 * (x[i] - mean) / elements) + (dMean / elements);
                    }
                }
            }
        }
    }

    private static int Index(Shape input, int n, int p, int g, int c) => (((((n * input[1]) + p) * input[2]) + g) * input[3]) + c;

    private static (double Mean, double Variance) Statistics(Shape input, ReadOnlySpan<double> x, int n, int g)
    {
        double elements = (double)input[1] * input[3];
        double sum = 0, squares = 0;
        for (int p = 0; p < input[1]; p++)
        {
            for (int c = 0; c < input[3]; c++)
                sum += x[Index(input, n, p, g, c)];
        }

        double mean = sum / elements;
        for (int p = 0; p < input[1]; p++)
        {
            for (int c = 0; c < input[3]; c++)
            {
                double d = x[Index(input, n, p, g, c)] - mean;
                squares += d * d;
            }
        }

        return (mean, squares / elements);
    }

    private static void RequireRank(string who, Shape input)
    {
        if (input.Rank != 4)
            throw new ShapeException($"{who}: input has shape {input}; expected samples, pixels, groups and channels of a group.");
    }
}

namespace CnnFast.Reference;

/// <summary>
/// The magnitudes that rounding errors of batch normalisation with the batch's statistics are bounded by. With errors of at most ε·X in the
/// inputs (X at least |x|), the mean is off by ε·mean(X), centred values by ε·D with D = X + mean(X), and through the variance the factor
/// 1/√(variance + epsilon) by the part ε·mean(|n|·D)·r, where n are the exact normalised values and r that factor.
/// </summary>
internal sealed class BatchNormalizationMagnitudes
{
    private readonly int _pixels;
    private readonly int _channels;
    private readonly double[] _x;
    private readonly double[] _mean;
    private readonly double[] _factor;

    /// <summary>Takes the exact run.</summary>
    /// <param name="pixels">Pixels.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="x">The exact input.</param>
    /// <param name="mean">Its mean.</param>
    /// <param name="variance">Its variance.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public BatchNormalizationMagnitudes(int pixels, int channels, double[] x, double[] mean, double[] variance, double epsilon)
    {
        _pixels = pixels;
        _channels = channels;
        _x = x;
        _mean = mean;
        _factor = [.. variance.Select(v => 1 / Math.Sqrt(v + epsilon))];
    }

    /// <summary>Of the mean.</summary>
    /// <param name="x">Magnitudes of the input.</param>
    /// <returns>One number a channel.</returns>
    public double[] Mean(double[] x) => Means(i => x[i]);

    /// <summary>Of the variance.</summary>
    /// <param name="x">Magnitudes of the input.</param>
    /// <returns>One number a channel.</returns>
    public double[] Variance(double[] x)
    {
        double[] mean = Mean(x);
        return Means(i => 2 * Math.Pow(x[i] + mean[i % _channels], 2));
    }

    /// <summary>Of the output.</summary>
    /// <param name="x">Magnitudes of the input.</param>
    /// <param name="gamma">Of the scale, or empty.</param>
    /// <param name="beta">Of the offset, or empty.</param>
    /// <returns>As many as the input.</returns>
    public double[] Output(double[] x, double[] gamma, double[] beta)
    {
        (double[] normal, _) = Normalized(x);
        return [.. normal.Select((n, i) => (Scale(gamma, i) * n) + (beta.Length == 0 ? 0 : beta[i % _channels]))];
    }

    /// <summary>Of the gradients.</summary>
    /// <param name="x">Magnitudes of the input.</param>
    /// <param name="dy">Of the output's gradient.</param>
    /// <param name="gamma">Of the scale, or empty.</param>
    /// <returns>Those of dx, dgamma and dbeta.</returns>
    public (double[] Dx, double[] Dgamma, double[] Dbeta) Gradients(double[] x, double[] dy, double[] gamma)
    {
        (double[] normal, double[] relative) = Normalized(x);
        double[] sums = Means(i => dy[i]);
        double[] products = Means(i => dy[i] * normal[i]);
        double[] dx = [.. dy.Select((g, i) => Scale(gamma, i) * _factor[i % _channels] * (1 + relative[i % _channels])
            * (g + sums[i % _channels] + (normal[i] * products[i % _channels])))];
        return (dx, [.. products.Select(v => v * _pixels)], [.. sums.Select(v => v * _pixels)]);
    }

    private double Scale(double[] gamma, int i) => gamma.Length == 0 ? 1 : gamma[i % _channels];

    // The magnitudes of the normalised values, and the relative error of the factor.
    private (double[] Normal, double[] Relative) Normalized(double[] x)
    {
        double[] mean = Mean(x);
        double[] exact = [.. _x.Select((v, i) => Math.Abs(v - _mean[i % _channels]) * _factor[i % _channels])];
        double[] relative = Means(i => exact[i] * (x[i] + mean[i % _channels]) * _factor[i % _channels]);
        return ([.. x.Select((v, i) => ((v + mean[i % _channels]) * _factor[i % _channels]) + (exact[i] * relative[i % _channels]))],
            relative);
    }

    private double[] Means(Func<int, double> value)
    {
        var means = new double[_channels];
        for (int i = 0; i < _x.Length; i++)
            means[i % _channels] += value(i) / _pixels;
        return means;
    }
}

namespace CnnFast.Reference;

/// <summary>
/// The magnitudes that rounding errors of group normalisation over <c>[samples, pixels, groups, channels]</c> are bounded by: as those of
/// <see cref="BatchNormalizationMagnitudes"/>, with the groups of all samples for channels.
/// </summary>
internal sealed class GroupNormalizationMagnitudes
{
    private readonly Shape _input;
    private readonly double[] _x;
    private readonly double[] _mean;
    private readonly double[] _factor;

    /// <summary>Takes the exact run.</summary>
    /// <param name="input">Samples, pixels, groups, channels of a group.</param>
    /// <param name="x">The exact input.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public GroupNormalizationMagnitudes(Shape input, double[] x, double epsilon)
    {
        _input = input;
        _x = x;
        _mean = Means(i => x[i]);
        _factor = [.. Means(i => Math.Pow(x[i] - _mean[Group(i)], 2)).Select(variance => 1 / Math.Sqrt(variance + epsilon))];
    }

    /// <summary>Of the output.</summary>
    /// <param name="x">Magnitudes of the input.</param>
    /// <param name="gamma">Of the scale, or empty.</param>
    /// <param name="beta">Of the offset, or empty.</param>
    /// <returns>As many as the input.</returns>
    public double[] Output(double[] x, double[] gamma, double[] beta)
    {
        (double[] normal, _) = Normalized(x);
        return [.. normal.Select((n, i) => (Scale(gamma, i) * n) + (beta.Length == 0 ? 0 : beta[i % beta.Length]))];
    }

    /// <summary>Of the gradients.</summary>
    /// <param name="x">Magnitudes of the input.</param>
    /// <param name="dy">Of the output's gradient.</param>
    /// <param name="gamma">Of the scale, or empty.</param>
    /// <returns>Those of dx, dgamma and dbeta.</returns>
    public (double[] Dx, double[] Dgamma, double[] Dbeta) Gradients(double[] x, double[] dy, double[] gamma)
    {
        (double[] normal, double[] relative) = Normalized(x);
        double[] sums = Means(i => Scale(gamma, i) * dy[i]);
        double[] products = Means(i => Scale(gamma, i) * dy[i] * normal[i]);
        double[] dgamma = new double[_input[2] * _input[3]], dbeta = new double[dgamma.Length], dx = new double[dy.Length];
        for (int i = 0; i < dy.Length; i++)
        {
            int group = Group(i);
            dx[i] = _factor[group] * (1 + relative[group]) * ((Scale(gamma, i) * dy[i]) + sums[group] + (normal[i] * products[group]));
            dgamma[i % dgamma.Length] += dy[i] * normal[i];
            dbeta[i % dbeta.Length] += dy[i];
        }

        return (dx, dgamma, dbeta);
    }

    private static double Scale(double[] gamma, int i) => gamma.Length == 0 ? 1 : gamma[i % gamma.Length];

    private int Group(int i) => (i / _input[3] % _input[2]) + (i / (_input[1] * _input[2] * _input[3]) * _input[2]);

    // The magnitudes of the normalised values, and the relative error of the factors.
    private (double[] Normal, double[] Relative) Normalized(double[] x)
    {
        double[] mean = Means(i => x[i]);
        double[] exact = [.. _x.Select((v, i) => Math.Abs(v - _mean[Group(i)]) * _factor[Group(i)])];
        double[] relative = Means(i => exact[i] * (x[i] + mean[Group(i)]) * _factor[Group(i)]);
        return ([.. x.Select((v, i) => ((v + mean[Group(i)]) * _factor[Group(i)]) + (exact[i] * relative[Group(i)]))], relative);
    }

    private double[] Means(Func<int, double> value)
    {
        var means = new double[_input[0] * _input[2]];
        double elements = (double)_input[1] * _input[3];
        for (int i = 0; i < _x.Length; i++)
            means[Group(i)] += value(i) / elements;
        return means;
    }
}

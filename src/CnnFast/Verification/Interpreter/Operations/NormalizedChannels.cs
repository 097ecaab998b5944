using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>A batch normalisation at work, exact or in magnitudes.</summary>
internal sealed class NormalizedChannels
{
    private readonly BatchNormalizationOperation _operation;
    private readonly ReferenceNode _node;
    private readonly int _channels;
    private readonly int _pixels;
    private readonly double _epsilon;
    private readonly double[] _x;
    private readonly double[] _gamma;
    private readonly double[] _beta;
    private readonly double[] _mean;
    private readonly double[] _variance;

    public NormalizedChannels(BatchNormalizationOperation operation, ReferenceNode node)
    {
        _operation = operation;
        _node = node;
        _channels = BatchNormalizationOperation.ChannelsOf(node.OutputShape);
        _pixels = node.OutputShape.ElementCount / _channels;
        _epsilon = operation.Epsilon;
        _x = node.Input();
        _gamma = node.Parameter(operation.GammaIndex);
        _beta = node.Parameter(operation.BetaIndex);
        _mean = node.Parameter(operation.MeanIndex);
        _variance = node.Parameter(operation.VarianceIndex);
    }

    public double[] Forward()
    {
        if (_node.IsAbsolute)
            return _node.TakesBatchStatistics ? Magnitudes().Output(_x, _gamma, _beta) : FixedMagnitudes();
        (double[] mean, double[] variance) = Statistics();
        double[] y = _node.NewOutput();
        ReferenceBatchNormalization.Forward(_pixels, _channels, _x, _gamma, _beta, mean, variance, _epsilon, y);
        return y;
    }

    /// <summary>Adds the gradients and says what the statistics of the batch are.</summary>
    public void Backward(double[] dy)
    {
        (double[] dx, double[] dgamma, double[] dbeta) = _node.IsAbsolute ? BackwardMagnitudes(dy) : BackwardExact(dy);
        _node.AddGradient(0, dx);
        if (_operation.UseScale)
            _node.AddParameterGradient(_operation.GammaIndex, dgamma);
        if (_operation.UseOffset)
            _node.AddParameterGradient(_operation.BetaIndex, dbeta);
        if (!_node.TakesBatchStatistics)
            return;
        (double[] mean, double[] variance) = _node.IsAbsolute ? (Magnitudes().Mean(_x), Magnitudes().Variance(_x)) : Statistics();
        if (_operation.UnbiasedVariance)
            variance = [.. variance.Select(v => v * _pixels / (_pixels - 1))];
        _node.SetStatistic(_operation.MeanIndex, mean);
        _node.SetStatistic(_operation.VarianceIndex, variance);
    }

    private double Gamma(int i) => _gamma.Length == 0 ? 1 : _gamma[i % _channels];

    private double Factor(int i) => 1 / Math.Sqrt(_variance[i % _channels] + _epsilon);

    private (double[] Mean, double[] Variance) Statistics()
    {
        if (!_node.TakesBatchStatistics)
            return (_mean, _variance);
        double[] mean = new double[_channels], variance = new double[_channels];
        ReferenceBatchNormalization.Statistics(_pixels, _channels, _x, mean, variance);
        return (mean, variance);
    }

    private (double[] Dx, double[] Dgamma, double[] Dbeta) BackwardExact(double[] dy)
    {
        (double[] mean, double[] variance) = Statistics();
        double[] dx = new double[_x.Length], dgamma = new double[_channels], dbeta = new double[_channels];
        ReferenceBatchNormalization.BackwardParameters(_pixels, _channels, _x, dy, mean, variance, _epsilon, dgamma, dbeta);
        if (_node.TakesBatchStatistics)
            ReferenceBatchNormalization.BackwardData(_pixels, _channels, _x, dy, _gamma, _epsilon, dx);
        else
            dx = [.. dy.Select((g, i) => g * Gamma(i) * Factor(i))];
        return (dx, dgamma, dbeta);
    }

    private (double[] Dx, double[] Dgamma, double[] Dbeta) BackwardMagnitudes(double[] dy)
    {
        if (_node.TakesBatchStatistics)
            return Magnitudes().Gradients(_x, dy, _gamma);
        double[] dgamma = new double[_channels], dbeta = new double[_channels];
        for (int i = 0; i < _x.Length; i++)
        {
            dgamma[i % _channels] += dy[i] * (_x[i] + _mean[i % _channels]) * Factor(i);
            dbeta[i % _channels] += dy[i];
        }

        return ([.. dy.Select((g, i) => g * Gamma(i) * Factor(i))], dgamma, dbeta);
    }

    private double[] FixedMagnitudes() =>
        [.. _x.Select((v, i) => ((v + _mean[i % _channels]) * Gamma(i) * Factor(i)) + (_beta.Length == 0 ? 0 : _beta[i % _channels]))];

    private BatchNormalizationMagnitudes Magnitudes()
    {
        double[] exact = _node.Exact!.Input();
        double[] mean = new double[_channels], variance = new double[_channels];
        ReferenceBatchNormalization.Statistics(_pixels, _channels, exact, mean, variance);
        return new BatchNormalizationMagnitudes(_pixels, _channels, exact, mean, variance, _epsilon);
    }
}

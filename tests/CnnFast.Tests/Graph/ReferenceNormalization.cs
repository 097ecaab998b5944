using CnnFast.Graphs;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Tests.Graph;

/// <summary>A batch normalisation of a <see cref="ReferenceModel"/>, exact or in magnitudes.</summary>
internal sealed class ReferenceNormalization
{
    private readonly ReferenceModel _model;
    private readonly Node _node;
    private readonly int _channels;
    private readonly int _pixels;
    private readonly double _epsilon;
    private readonly double[] _gamma;
    private readonly double[] _beta;
    private readonly double[] _mean;
    private readonly double[] _variance;

    public ReferenceNormalization(ReferenceModel model, Node node, int n)
    {
        var operation = (BatchNormalizationOperation)node.Operation;
        _model = model;
        _node = node;
        _channels = BatchNormalizationOperation.ChannelsOf(node.Output.Shape);
        _pixels = n * node.Output.SampleLength / _channels;
        _epsilon = operation.Epsilon;
        _gamma = operation.UseScale ? model.Parameters[Name(operation.GammaIndex)] : [];
        _beta = operation.UseOffset ? model.Parameters[Name(operation.BetaIndex)] : [];
        _mean = model.Parameters[Name(operation.MeanIndex)];
        _variance = model.Parameters[Name(operation.VarianceIndex)];
    }

    public double[] Forward(double[] x)
    {
        if (_model.Exact is not null)
            return _model.Training ? Magnitudes().Output(x, _gamma, _beta) : FixedMagnitudes(x);
        (double[] mean, double[] variance) = Statistics(x);
        var y = new double[x.Length];
        ReferenceBatchNormalization.Forward(_pixels, _channels, x, _gamma, _beta, mean, variance, _epsilon, y);
        return y;
    }

    public double[] Backward(double[] x, double[] dy)
    {
        (double[] dx, double[] dgamma, double[] dbeta) = _model.Exact is not null ? BackwardMagnitudes(x, dy) : BackwardExact(x, dy);
        var operation = (BatchNormalizationOperation)_node.Operation;
        if (operation.UseScale)
            _model.ParameterGradients[Name(operation.GammaIndex)] = dgamma;
        if (operation.UseOffset)
            _model.ParameterGradients[Name(operation.BetaIndex)] = dbeta;
        if (_model.Training)
            (_model.ParameterGradients[Name(operation.MeanIndex)], _model.ParameterGradients[Name(operation.VarianceIndex)]) =
                _model.Exact is null ? Statistics(x) : (Magnitudes().Mean(x), Magnitudes().Variance(x));
        return dx;
    }

    private string Name(int parameter) => _node.Parameters[parameter].Name;

    private double Gamma(int i) => _gamma.Length == 0 ? 1 : _gamma[i % _channels];

    private double Factor(int i) => 1 / Math.Sqrt(_variance[i % _channels] + _epsilon);

    private (double[] Mean, double[] Variance) Statistics(double[] x)
    {
        if (!_model.Training)
            return (_mean, _variance);
        double[] mean = new double[_channels], variance = new double[_channels];
        ReferenceBatchNormalization.Statistics(_pixels, _channels, x, mean, variance);
        return (mean, variance);
    }

    private (double[] Dx, double[] Dgamma, double[] Dbeta) BackwardExact(double[] x, double[] dy)
    {
        (double[] mean, double[] variance) = Statistics(x);
        double[] dx = new double[x.Length], dgamma = new double[_channels], dbeta = new double[_channels];
        ReferenceBatchNormalization.BackwardParameters(_pixels, _channels, x, dy, mean, variance, _epsilon, dgamma, dbeta);
        if (_model.Training)
            ReferenceBatchNormalization.BackwardData(_pixels, _channels, x, dy, _gamma, _epsilon, dx);
        else
            dx = [.. dy.Select((g, i) => g * Gamma(i) * Factor(i))];
        return (dx, dgamma, dbeta);
    }

    private (double[] Dx, double[] Dgamma, double[] Dbeta) BackwardMagnitudes(double[] x, double[] dy)
    {
        if (_model.Training)
            return Magnitudes().Gradients(x, dy, _gamma);
        double[] dgamma = new double[_channels], dbeta = new double[_channels];
        for (int i = 0; i < x.Length; i++)
        {
            dgamma[i % _channels] += dy[i] * (x[i] + _mean[i % _channels]) * Factor(i);
            dbeta[i % _channels] += dy[i];
        }

        return ([.. dy.Select((g, i) => g * Gamma(i) * Factor(i))], dgamma, dbeta);
    }

    private double[] FixedMagnitudes(double[] x) =>
        [.. x.Select((v, i) => ((v + _mean[i % _channels]) * Gamma(i) * Factor(i)) + (_beta.Length == 0 ? 0 : _beta[i % _channels]))];

    private BatchNormalizationMagnitudes Magnitudes()
    {
        double[] exact = _model.Exact!.Value(_node.Inputs[0]);
        double[] mean = new double[_channels], variance = new double[_channels];
        ReferenceBatchNormalization.Statistics(_pixels, _channels, exact, mean, variance);
        return new BatchNormalizationMagnitudes(_pixels, _channels, exact, mean, variance, _epsilon);
    }
}

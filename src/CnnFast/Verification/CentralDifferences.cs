using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>
/// Holds the gradients of a run in double against central differences of the same run. The loss is the sum of the outputs times the
/// gradient that the kernels' loss gave them: linear, with the same derivatives.
/// </summary>
internal sealed class CentralDifferences
{
    private const double FirstStep = 1.0 / (1 << 13);
    private const int Tries = 5;
    private const double UnitRoundoff = 1.0 / (1L << 53);
    private const double Roundings = 256;

    private readonly Graph _graph;
    private readonly GradientCheckOptions _options;
    private readonly float[][] _outputGradients;
    private readonly ReferenceModel _model;
    private int _stream;

    public CentralDifferences(Graph graph, int batch, GradientCheckOptions options, ReadOnlyMemory<float>[] inputs,
        float[][] outputGradients)
    {
        _graph = graph;
        _options = options;
        _outputGradients = outputGradients;
        _model = new ReferenceModel(graph, batch) { Training = true, Key = new RandomKey(options.Seed, TrainedStep.Step) };
        for (int i = 0; i < inputs.Length; i++)
            _model.SetInput(i, inputs[i].Span);
        _model.Forward();
        _model.Backward(graph.Outputs.Select((output, i) =>
            (output, outputGradients[i].Select(value => (double)value).ToArray())));
    }

    /// <summary>Whether every node has a reference that goes backwards.</summary>
    public static bool CanRun(Graph graph) =>
        graph.Nodes.All(node => ReferenceOperations.Of(node.Operation) is { HasGradient: true })
            && graph.Inputs.All(input => input.Type == ElementType.Float32);

    /// <summary>A parameter.</summary>
    public TensorGradient Check(TensorGradient tensor, Parameter parameter, TrainedStep step, CancellationToken stop) =>
        Check(tensor, _model.Parameters[parameter.Name], _model.ParameterGradients.GetValueOrDefault(parameter.Name),
            step.Gradient(parameter).ToArray(), () => _model.WithChange(parameter.Name, null, Loss), stop);

    /// <summary>An input.</summary>
    public TensorGradient Check(TensorGradient tensor, ValueInfo input, TrainedStep step, CancellationToken stop) =>
        Check(tensor, _model.Value(input), _model.Gradient(input), step.Gradient(input).ToArray(),
            () => _model.WithChange(null, input, Loss), stop);

    private TensorGradient Check(TensorGradient tensor, double[] values, double[]? gradient, float[] actual, Func<double> loss,
        CancellationToken stop)
    {
        gradient ??= new double[values.Length];
        ElementError worst = ElementError.None;
        int kinks = 0;
        int[] sample = SampledElements.Of(_options, ++_stream, values.Length);
        foreach (int i in sample)
        {
            stop.ThrowIfCancellationRequested();
            (ElementError error, bool isKink) = Check(values, i, gradient[i], loss);
            if (!error.Holds && isKink)
                kinks++;
            else
                worst = worst.Max(error);
        }

        double largest = gradient.Max(Math.Abs);
        double drift = 0;
        for (int i = 0; i < actual.Length; i++)
            drift = Math.Max(drift, Math.Abs(actual[i] - gradient[i]));
        return tensor with
        {
            Difference = worst,
            Sampled = sample.Length,
            Kinks = tensor.Kinks + kinks,
            Drift = drift == 0 ? 0 : drift / largest,
        };
    }

    // The step shrinks until the difference agrees, which it may not before no kink lies within it. Its own error is known from two steps,
    // one half of the other: what is left of the third derivative, and of roundings.
    private (ElementError Error, bool IsKink) Check(double[] values, int i, double gradient, Func<double> loss)
    {
        double value = values[i];
        double step = FirstStep * Math.Max(Math.Abs(value), 0.125);
        double centre = Centre;
        ElementError best = ElementError.Of(i, double.PositiveInfinity, gradient, 1);
        double? lastJump = null;
        bool isKink = false;
        for (int attempt = 0; attempt < Tries && !best.Holds; attempt++, step /= 8)
        {
            (double above, double below) = (At(values, i, value + step, loss), At(values, i, value - step, loss));
            double noise = Roundings * UnitRoundoff * (Math.Abs(centre) + Magnitude) / step;
            ElementError error = ElementError.Of(i, gradient, (above - below) / (2 * step), noise + (1e-7 * Math.Abs(gradient)));
            if (error.Holds)
            {
                values[i] = value;
                return (error, false);
            }

            (double nearAbove, double nearBelow) = (At(values, i, value + (step / 2), loss), At(values, i, value - (step / 2), loss));
            values[i] = value;
            double far = (above - below) / (2 * step), near = (nearAbove - nearBelow) / step;
            double bound = (2 * Math.Abs(near - far)) + noise + (1e-9 * Math.Abs(gradient));
            error = ElementError.Of(i, gradient, near + ((near - far) / 3), bound);
            // A difference that still moves with the step says nothing.
            if (bound <= (0.01 * (Math.Abs(gradient) + Math.Abs(near))) + (4 * noise) && error.Ratio < best.Ratio)
                best = error;
            double jump = Math.Abs(above - (2 * centre) + below) / step;
            isKink = jump > 4 * noise && lastJump is { } last && jump > 0.5 * last;
            lastJump = jump;
        }

        return (best, isKink);
    }

    private static double At(double[] values, int i, double value, Func<double> loss)
    {
        values[i] = value;
        return loss();
    }

    private double Centre => field == 0 ? field = Loss() : field;

    private double Magnitude => field == 0 ? field = Sum(Math.Abs) : field;

    private double Loss() => Sum(value => value);

    private double Sum(Func<double, double> each)
    {
        double sum = 0;
        for (int output = 0; output < _outputGradients.Length; output++)
        {
            double[] values = _model.Value(_graph.Outputs[output]);
            for (int i = 0; i < values.Length; i++)
                sum += each(_outputGradients[output][i] * values[i]);
        }

        return sum;
    }
}

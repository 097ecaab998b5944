using System.Globalization;
using System.Numerics.Tensors;
using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Visualization;

/// <summary>
/// Gradients and activations of a model while it is trained, on a fixed set of samples: a forward and a backward pass of its own, which
/// leaves the training as it is. At most <see cref="MaxSamples"/> measurements are kept; then every second one goes.
/// </summary>
internal sealed class LayerStatistics
{
    /// <summary>The most measurements that are kept.</summary>
    public const int MaxSamples = 128;

    private const int ProbeSamples = 32;
    private const int Stretch = 1024;
    private const double DeadPart = 0.25;
    private const double ExplodingFactor = 100, ExplodingNorm = 1e3, VanishingPart = 1e-4;
    private const int LeastSamples = 8;

    private readonly TrainingSession _session;
    private readonly float[][] _inputs;
    private readonly int[] _labels;
    private readonly float[] _targets;
    private readonly (string Name, Parameter[] Parameters)[] _layers;
    private readonly (string Name, int Channels)[] _rectified;
    private readonly string[] _activations;
    private readonly List<long> _steps = [];
    private readonly List<double[]> _values = [];

    /// <summary>Prepares the passes.</summary>
    public LayerStatistics(Model model, ILoss loss, IDataset samples, int threads)
    {
        IDataset inputs = samples is IImageDataset images ? images.Normalized(model.Normalization) : samples;
        int count = Math.Min(ProbeSamples, samples.Count);
        using (var loader = new BatchLoader(inputs, count, seed: 0, shuffle: true, prefetch: false))
        {
            loader.StartEpoch(0);
            loader.MoveNext();
            Batch batch = loader.Current;
            _inputs = [.. model.Inputs.Select((_, i) => batch.Input(i).ToArray())];
            (_labels, _targets, Samples) = (batch.Labels().ToArray(), batch.Values().ToArray(), batch.Count);
        }

        LayerInfo[] activations = [.. model.Layers.Where(layer => LayerChoice.HasActivation(layer) && !layer.IsOutput)];
        _activations = [.. activations.Select(layer => layer.Name)];
        _rectified = [.. activations.Where(layer => layer.Activation is "ReLU" or "ReLU6")
            .Select(layer => (layer.Name, layer.OutputShape.Rank == 0 ? 1 : layer.OutputShape[layer.OutputShape.Rank - 1]))];
        _session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = count,
            MaxThreads = threads,
            Losses = [new LossTerm(loss)],
            Values = _activations,
        });
        _layers = [.. model.Parameters.Where(IsTrained).GroupBy(LayerOf).Select(group => (group.Key, group.ToArray()))];
    }

    /// <summary>The samples of a measurement.</summary>
    public int Samples { get; }

    /// <summary>How many times rarer it is to be measured than at the beginning: so that a long training pays ever less for it.</summary>
    public int Stride { get; private set; } = 1;

    /// <summary>The steps after which it was measured.</summary>
    public IReadOnlyList<long> Steps => _steps;

    /// <summary>The curves: what, of which layer, one value a step.</summary>
    public IEnumerable<(string Kind, string Name, IEnumerable<double> Values)> Series
    {
        get
        {
            int layers = _layers.Length, rectified = _rectified.Length, activations = _activations.Length;
            for (int i = 0; i < layers; i++)
            {
                int at = i;
                yield return ("gradient", _layers[i].Name, _values.Select(row => row[at]));
                yield return ("weight", _layers[i].Name, _values.Select(row => row[layers + at]));
            }

            for (int i = 0; i < rectified; i++)
            {
                int at = (2 * layers) + i;
                yield return ("zeros", _rectified[i].Name, _values.Select(row => row[at]));
                yield return ("dead", _rectified[i].Name, _values.Select(row => row[rectified + at]));
            }

            for (int i = 0; i < activations; i++)
            {
                int at = (2 * (layers + rectified)) + i;
                yield return ("mean", _activations[i], _values.Select(row => row[at]));
                yield return ("deviation", _activations[i], _values.Select(row => row[activations + at]));
            }
        }
    }

    /// <summary>Measures the model as it is after a step.</summary>
    public void Measure(long step)
    {
        if (_steps.Count > 0 && _steps[^1] == step)
            return;
        int layers = _layers.Length, rectified = _rectified.Length, activations = _activations.Length;
        var row = new double[2 * (layers + rectified + activations)];
        _session.Step = 0;
        if (_inputs.Length == 1)
            _session.Forward(Samples, _inputs[0]);
        else
            _session.Forward(Samples, [.. _inputs.Select(input => (ReadOnlyMemory<float>)input)]);
        for (int i = 0; i < rectified; i++)
            (row[(2 * layers) + i], row[(2 * layers) + rectified + i]) = ZerosOf(_rectified[i]);
        for (int i = 0, at = 2 * (layers + rectified); i < activations; i++, at++)
            (row[at], row[activations + at]) = MomentsOf(_session.Value(_activations[i]));
        if (_labels.Length == 0)
            _session.Loss(_targets);
        else
            _session.Loss(_labels);
        _session.Backward();
        for (int i = 0; i < layers; i++)
        {
            foreach (Parameter parameter in _layers[i].Parameters)
            {
                row[i] += Square(_session.Gradient(parameter));
                row[layers + i] += Square(parameter.Values);
            }

            (row[i], row[layers + i]) = (Math.Sqrt(row[i]), Math.Sqrt(row[layers + i]));
        }

        Keep(step, row);
    }

    /// <summary>What the last measurement, or the curves up to it, give reason to look at.</summary>
    public IEnumerable<string> Warnings()
    {
        if (_values.Count == 0)
            yield break;
        int layers = _layers.Length;
        double[] last = _values[^1];
        double strongest = last[..layers].DefaultIfEmpty().Max();
        for (int i = 0; i < layers; i++)
        {
            double[] past = [.. _values.Select(row => row[i])];
            int peak = Array.IndexOf(past, past.Max());
            double usual = past.Order().ElementAt(past.Length / 2);
            if (past[peak] > ExplodingNorm || (past.Length >= LeastSamples && past[peak] > 1 && past[peak] > ExplodingFactor * usual))
                yield return string.Create(CultureInfo.InvariantCulture, $"Exploding gradient: that of '{_layers[i].Name}' had the norm " +
                    $"{past[peak]:g3} at step {_steps[peak]}, {usual:g3} in the middle; a lower learning rate or clipping helps.");
            if (layers > 1 && strongest > 0 && last[i] < VanishingPart * strongest)
                yield return string.Create(CultureInfo.InvariantCulture, $"Vanishing gradient: that of '{_layers[i].Name}' has the norm " +
                    $"{last[i]:g3} at step {_steps[^1]}, the largest of a layer {strongest:g3}; normalisation, ReLUs or shortcuts help.");
        }

        for (int i = 0; i < _rectified.Length; i++)
        {
            (string name, int channels) = _rectified[i];
            double dead = last[(2 * layers) + _rectified.Length + i];
            if (dead >= DeadPart)
                yield return string.Create(CultureInfo.InvariantCulture, $"Dead ReLUs: {Math.Round(dead * channels)} of {channels} " +
                    $"channels of '{name}' are 0 for all {Samples} samples at step {_steps[^1]}; a lower learning rate, He's start or " +
                    $"LeakyReLU helps.");
        }
    }

    private static string LayerOf(Parameter parameter) =>
        parameter.Name.LastIndexOf('.') is > 0 and int dot ? parameter.Name[..dot] : parameter.Name;

    private static bool IsTrained(Parameter parameter) =>
        parameter.Trainable && parameter.Role is not (ParameterRole.Mean or ParameterRole.Variance);

    private static double Square(ReadOnlySpan<float> values)
    {
        double norm = TensorPrimitives.Norm(values);
        return norm * norm;
    }

    // In stretches, within which single precision is enough, and about the mean, in which a small deviation would be lost.
    private static (double Mean, double Deviation) MomentsOf(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < values.Length; i += Stretch)
            sum += TensorPrimitives.Sum(values[i..Math.Min(i + Stretch, values.Length)]);
        double mean = sum / values.Length;
        Span<float> differences = stackalloc float[Stretch];
        for (int i = 0; i < values.Length; i += Stretch)
        {
            ReadOnlySpan<float> part = values[i..Math.Min(i + Stretch, values.Length)];
            TensorPrimitives.Subtract(part, (float)mean, differences);
            squares += TensorPrimitives.SumOfSquares<float>(differences[..part.Length]);
        }

        return (mean, Math.Sqrt(squares / values.Length));
    }

    private (double Zeros, double Dead) ZerosOf((string Name, int Channels) layer)
    {
        ReadOnlySpan<float> values = _session.Value(layer.Name);
        var lives = new bool[layer.Channels];
        long zeros = 0;
        for (int i = 0; i < values.Length; i += layer.Channels)
        {
            ReadOnlySpan<float> pixel = values.Slice(i, layer.Channels);
            for (int c = 0; c < pixel.Length; c++)
            {
                if (pixel[c] == 0)
                    zeros++;
                else
                    lives[c] = true;
            }
        }

        return ((double)zeros / values.Length, (double)lives.Count(alive => !alive) / layer.Channels);
    }

    private void Keep(long step, double[] row)
    {
        if (_steps.Count == MaxSamples)
        {
            for (int i = MaxSamples - 1; i > 0; i -= 2)
            {
                _steps.RemoveAt(i);
                _values.RemoveAt(i);
            }

            Stride *= 2;
        }

        _steps.Add(step);
        _values.Add(row);
    }
}

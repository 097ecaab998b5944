using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// A softmax cross-entropy to test: the logits and targets of a softmax, with or without weights, smoothing and rows left out.
/// </summary>
internal sealed unsafe class CrossEntropyCase : IDisposable
{
    private const float Scale = 0.25f;

    private readonly SoftmaxCase _softmax;
    private readonly GuardedBuffer<float> _logits;
    private readonly GuardedBuffer<float> _numbers;
    private readonly GuardedBuffer<int> _labels;
    private readonly GuardedBuffer<float> _rowWeights;
    private readonly GuardedBuffer<float> _classWeights;
    private readonly CrossEntropyOptions _options;
    private readonly int? _ignored;

    public CrossEntropyCase(SoftmaxCase softmax, CrossEntropyOptions options)
    {
        _softmax = softmax;
        _options = options;
        _ignored = options.Ignores ? softmax.Labels[0] : null;
        GuardSide side = softmax.Side;
        _logits = new GuardedBuffer<float>(softmax.Logits, side);
        _numbers = new GuardedBuffer<float>(softmax.Targets, side);
        _labels = new GuardedBuffer<int>(softmax.Labels, side);
        _rowWeights = new GuardedBuffer<float>(Weights(softmax.Rows, 3), side);
        _classWeights = new GuardedBuffer<float>(Weights(softmax.Classes, 5), side);
    }

    /// <summary>Rows with all that belongs to them.</summary>
    public CrossEntropyRows Rows(GuardedBuffer<float>? gradient, bool hasLabels) => new()
    {
        Logits = _logits.Pointer,
        Gradient = gradient is null ? null : gradient.Pointer,
        Labels = hasLabels ? _labels.Pointer : null,
        Targets = hasLabels ? null : _numbers.Pointer,
        RowWeights = _options.IsWeighted ? _rowWeights.Pointer : null,
        ClassWeights = _options.IsWeighted ? _classWeights.Pointer : null,
        RowsPerWeight = 1,
        Classes = _softmax.Classes,
        IgnoredLabel = _ignored ?? -1,
        Smoothing = _options.Smoothing,
        Focus = _options.Focus,
        Scale = Scale,
    };

    /// <summary>A guarded output that starts as NaN.</summary>
    public GuardedBuffer<float> Output() => _softmax.Output();

    /// <summary>How far a loss and its gradient are from the reference.</summary>
    public ErrorMeasure Measure(bool hasLabels, double loss, GuardedBuffer<float> gradient)
    {
        double[] targets = Targets(hasLabels, _numbers.Span), sizes = Targets(hasLabels, Array.ConvertAll(_softmax.Targets, Math.Abs));
        if (_options.Focus > 0)
            return MeasureFocal(targets, loss, gradient);
        return _softmax.ExpectGradient(targets, sizes, Scale).Measure(gradient.Span)
            .Max(_softmax.ExpectLoss(targets, sizes).Measure([(float)loss]));
    }

    /// <summary>Sizes and options on one line.</summary>
    public override string ToString() => $"{_softmax}, {_options}";

    public void Dispose()
    {
        _logits.Dispose();
        _numbers.Dispose();
        _labels.Dispose();
        _rowWeights.Dispose();
        _classWeights.Dispose();
    }

    // Each row's weight is what its targets sum to. An error of u in p, and so in 1 − p, passes through the power and its derivative.
    private ErrorMeasure MeasureFocal(double[] targets, double loss, GuardedBuffer<float> gradient)
    {
        int classes = _softmax.Classes;
        double gamma = _options.Focus, total = 0, size = 0;
        double[] logits = SeededData.ToDouble(_softmax.Logits), values = new double[logits.Length], sizes = new double[logits.Length];
        double[] losses = ReferenceFocal.OfClasses(classes, logits, _softmax.Labels, gamma);
        ReferenceFocal.BackwardOfClasses(classes, logits, _softmax.Labels, gamma, values);
        for (int row = 0; row < _softmax.Rows; row++)
        {
            int start = row * classes;
            double weight = targets.AsSpan(start, classes).ToArray().Sum(), entropy = _softmax.ExpectSizeOfLoss(row, _softmax.Labels[row]);
            double rest = 1 - _softmax.Probabilities.Values[start + _softmax.Labels[row]];
            double restSize = rest + _softmax.Probabilities.Magnitudes[start + _softmax.Labels[row]];
            double power = Math.Pow(restSize, gamma), slope = gamma * Math.Pow(restSize, gamma - 1);
            double factor = (power + (slope * entropy)) * (1 + gamma);
            total += weight * losses[row];
            size += weight * factor * entropy;
            for (int i = start; i < start + classes; i++)
            {
                values[i] *= weight * Scale;
                sizes[i] = weight * Scale * factor * (_softmax.Probabilities.Magnitudes[i] + (i == start + _softmax.Labels[row] ? 1 : 0));
            }
        }

        return ErrorBound.Measure(gradient.Span, values, sizes, classes + 16)
            .Max(ErrorBound.Measure([(float)loss], [total], [size], classes + 16));
    }

    private double[] Targets(bool hasLabels, ReadOnlySpan<float> numbers)
    {
        double[] rows = Wide(_rowWeights.Span), classes = Wide(_classWeights.Span);
        return hasLabels
            ? ReferenceCrossEntropyTargets.OfLabels(_softmax.Labels, classes, rows, _options.Smoothing, _ignored, out _)
            : ReferenceCrossEntropyTargets.OfNumbers(SeededData.ToDouble(numbers.ToArray()), classes, rows, _options.Smoothing, out _);
    }

    private double[] Wide(ReadOnlySpan<float> weights)
    {
        var wide = new double[weights.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = _options.IsWeighted ? weights[i] : 1;
        return wide;
    }

    // From 0 to 2, some of them 0.
    private static float[] Weights(int count, int seed) =>
        Array.ConvertAll(SeededData.Uniform(count, seed + count), value => value < -0.7f ? 0 : value + 1);
}

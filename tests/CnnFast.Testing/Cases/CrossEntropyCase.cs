using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>A softmax cross-entropy to test: the logits and targets of a softmax, with or without weights, smoothing and rows left
/// out.</summary>
internal sealed unsafe class CrossEntropyCase : IDisposable
{
    private const float Scale = 0.25f;

    private readonly SoftmaxCase _softmax;
    private readonly bool _isWeighted;
    private readonly GuardedBuffer<float> _logits;
    private readonly GuardedBuffer<float> _numbers;
    private readonly GuardedBuffer<int> _labels;
    private readonly GuardedBuffer<float> _rowWeights;
    private readonly GuardedBuffer<float> _classWeights;
    private readonly float _smoothing;
    private readonly int? _ignored;

    public CrossEntropyCase(SoftmaxCase softmax, bool isWeighted, float smoothing, bool ignores)
    {
        _softmax = softmax;
        _isWeighted = isWeighted;
        _smoothing = smoothing;
        _ignored = ignores ? softmax.Labels[0] : null;
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
        RowWeights = _isWeighted ? _rowWeights.Pointer : null,
        ClassWeights = _isWeighted ? _classWeights.Pointer : null,
        RowsPerWeight = 1,
        Classes = _softmax.Classes,
        IgnoredLabel = _ignored ?? -1,
        Smoothing = _smoothing,
        Scale = Scale,
    };

    /// <summary>A guarded output that starts as NaN.</summary>
    public GuardedBuffer<float> Output() => _softmax.Output();

    /// <summary>How far a loss and its gradient are from the reference.</summary>
    public ErrorMeasure Measure(bool hasLabels, double loss, GuardedBuffer<float> gradient)
    {
        double[] targets = Targets(hasLabels, _numbers.Span), sizes = Targets(hasLabels, Array.ConvertAll(_softmax.Targets, Math.Abs));
        return _softmax.ExpectGradient(targets, sizes, Scale).Measure(gradient.Span)
            .Max(_softmax.ExpectLoss(targets, sizes).Measure([(float)loss]));
    }

    /// <summary>Sizes and options on one line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{_softmax}, {(_isWeighted ? "weights, " : "")}smoothing {_smoothing}, ignored {_ignored}");

    public void Dispose()
    {
        _logits.Dispose();
        _numbers.Dispose();
        _labels.Dispose();
        _rowWeights.Dispose();
        _classWeights.Dispose();
    }

    private double[] Targets(bool hasLabels, ReadOnlySpan<float> numbers)
    {
        double[] rows = Wide(_rowWeights.Span), classes = Wide(_classWeights.Span);
        return hasLabels
            ? ReferenceCrossEntropyTargets.OfLabels(_softmax.Labels, classes, rows, _smoothing, _ignored, out _)
            : ReferenceCrossEntropyTargets.OfNumbers(SeededData.ToDouble(numbers.ToArray()), classes, rows, _smoothing, out _);
    }

    private double[] Wide(ReadOnlySpan<float> weights)
    {
        var wide = new double[weights.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = _isWeighted ? weights[i] : 1;
        return wide;
    }

    // From 0 to 2, some of them 0.
    private static float[] Weights(int count, int seed) =>
        Array.ConvertAll(SeededData.Uniform(count, seed + count), value => value < -0.7f ? 0 : value + 1);
}

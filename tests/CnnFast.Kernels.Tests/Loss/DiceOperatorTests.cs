using CnnFast.Operators;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Dice loss on every tier against the reference, on guarded buffers.</summary>
public sealed unsafe class DiceOperatorTests
{
    private const float Smoothing = 0.5f;
    private const float Scale = 0.25f;

    public static TheoryData<int, int, int, bool> Cases => new()
    {
        { 1, 1, 1, false }, { 3, 7, 1, false }, { 2, 33, 3, false }, { 5, 1500, 1, false }, { 2, 700, 5, false },
        { 1, 1, 2, true }, { 3, 7, 2, true }, { 2, 33, 3, true }, { 2, 1025, 4, true }, { 3, 65, 19, true }, { 2, 3, 600, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_tier_stays_within_the_bound_of_the_reference(int count, int pixels, int classes, bool isSoftmax)
    {
        foreach (IsaLevel isa in SoftmaxKernels.All.Select(set => set.Isa).Where(CpuInfo.IsSupported))
        {
            foreach (bool hasLabels in new[] { false, true })
            {
                using var test = new Case(count, pixels, classes, isSoftmax, hasLabels);
                var dice = DiceOperator.Create(isa);
                double loss = dice.Run(SerialScheduler.Instance, test.Arguments(test.Gradient.Span));
                double evaluated = dice.Run(SerialScheduler.Instance, test.Arguments([]));
                Assert.True(test.Gradient.SlackIsIntact, $"{isa} wrote outside its output");
                Assert.Equal(loss, evaluated);
                ErrorMeasure error = test.Measure(loss);
                Assert.True(error.Worst <= 1, $"{isa}: {error}");
            }
        }
    }

    [Fact]
    public void Dice_has_the_same_bits_at_any_number_of_threads_and_allocates_nothing()
    {
        using var test = new Case(5, 900, 3, true, true);
        float[] expected = [];
        double sum = double.NaN;
        foreach (IWorkScheduler scheduler in new IWorkScheduler[] { SerialScheduler.Instance, new ParallelForScheduler(2),
            new ParallelForScheduler(3) })
        {
            double again = DiceOperator.Default.Run(scheduler, test.Arguments(test.Gradient.Span));
            if (expected.Length == 0)
            {
                (sum, expected) = (again, test.Gradient.Span.ToArray());
                Assert.Equal(0, Allocations.Least(() => DiceOperator.Default.Run(scheduler, test.Arguments(test.Gradient.Span))));
            }

            Assert.Equal(sum, again);
            Assert.Equal(expected, test.Gradient.Span.ToArray());
        }
    }

    [Fact]
    public void A_wrong_softmax_is_caught()
    {
        using var test = new Case(2, 33, 3, true, false);
        SoftmaxKernels right = SoftmaxKernels.All.First(set => set.Isa == IsaLevel.Scalar);
        var wrong = new SoftmaxKernels
        {
            Isa = right.Isa,
            Exp = right.Exp,
            Log = right.Log,
            Softmax = &DropLastRow,
            SoftmaxBackward = right.SoftmaxBackward,
            CrossEntropy = right.CrossEntropy,
            CrossEntropySoft = right.CrossEntropySoft,
        };
        var dice = DiceOperator.Create(wrong, FunctionKernels.All.First(set => set.Isa == IsaLevel.Scalar));
        Assert.True(test.Measure(dice.Run(SerialScheduler.Instance, test.Arguments(test.Gradient.Span))).Worst > 1);
    }

    private static void DropLastRow(float* x, float* y, nint rows, nint classes)
    {
        new Span<float>(y, (int)(rows * classes)).Clear();
        SoftmaxKernels.All.First(set => set.Isa == IsaLevel.Scalar).Softmax(x, y, rows - 1, classes);
    }

    private sealed class Case : IDisposable
    {
        private readonly int _count;
        private readonly int _pixels;
        private readonly int _classes;
        private readonly bool _isSoftmax;
        private readonly GuardedBuffer<float> _logits;
        private readonly GuardedBuffer<float> _targets;
        private readonly GuardedBuffer<int> _labels;
        private readonly GuardedBuffer<float> _weights;
        private readonly bool _hasLabels;
        private readonly int? _ignored;

        public Case(int count, int pixels, int classes, bool isSoftmax, bool hasLabels)
        {
            (_count, _pixels, _classes, _isSoftmax, _hasLabels) = (count, pixels, classes, isSoftmax, hasLabels);
            int length = count * pixels * classes;
            GuardSide side = pixels % 2 == 0 ? GuardSide.After : GuardSide.Before;
            int[] labels = SeededData.Integers(isSoftmax ? count * pixels : length, isSoftmax ? classes : 2, 3);
            _ignored = isSoftmax && hasLabels ? labels[0] : null;
            _logits = new GuardedBuffer<float>(Array.ConvertAll(SeededData.Uniform(length, 1), value => 6 * value), side);
            _targets = new GuardedBuffer<float>(Array.ConvertAll(SeededData.Uniform(length, 2), Math.Abs), side);
            _labels = new GuardedBuffer<int>(labels, side);
            _weights = new GuardedBuffer<float>([.. Enumerable.Range(0, count).Select(i => i == 1 ? 0 : 1 + (0.5f * i))], side);
            Gradient = new GuardedBuffer<float>(length, side);
            Gradient.Fill(float.NaN);
        }

        public GuardedBuffer<float> Gradient { get; }

        public DiceArguments Arguments(Span<float> gradient) => new()
        {
            Count = _count,
            Classes = _classes,
            IsSoftmax = _isSoftmax,
            Logits = _logits.Span,
            Targets = _hasLabels ? default : _targets.Span,
            Labels = _hasLabels ? _labels.Span : default,
            IgnoredLabel = _ignored,
            SampleWeights = _weights.Span,
            Smoothing = Smoothing,
            Gradient = gradient,
            Scale = Scale,
        };

        // Sums are in double: errors are those of the probabilities, at most a few units of 1 each.
        public ErrorMeasure Measure(double loss)
        {
            int perSample = _pixels * _classes;
            double expected = 0, size = 0;
            double[] gradients = new double[_count * perSample], sizes = new double[_count * perSample];
            for (int sample = 0; sample < _count; sample++)
            {
                int[] kept = [.. Enumerable.Range(sample * _pixels, _pixels)
                    .Where(pixel => _ignored is null || _labels.Span[pixel] != _ignored)];
                double[] logits = [.. kept.SelectMany(pixel => Pixel(pixel, i => _logits.Span[i]))];
                double[] targets = [.. kept.SelectMany(pixel => Pixel(pixel, i => Target(pixel, i)))], dx = new double[logits.Length];
                double weight = _weights.Span[sample], all = targets.Sum() + Smoothing;
                size += weight * 2;
                if (kept.Length == 0)
                    continue;
                expected += weight * ReferenceDice.Forward(_classes, _isSoftmax, logits, targets, Smoothing);
                ReferenceDice.Backward(_classes, _isSoftmax, logits, targets, Smoothing, dx);
                for (int k = 0; k < kept.Length; k++)
                {
                    for (int c = 0; c < _classes; c++)
                    {
                        int i = (kept[k] * _classes) + c;
                        gradients[i] = weight * Scale * dx[(k * _classes) + c];
                        sizes[i] = weight * Scale * SizeOf(dx, logits, targets, k);
                    }
                }
            }

            return ErrorBound.Measure([(float)loss], [expected], [size], _classes + 16)
                .Max(ErrorBound.Measure(Gradient.Span, gradients, sizes, _classes + 16));
        }

        public void Dispose()
        {
            _logits.Dispose();
            _targets.Dispose();
            _labels.Dispose();
            _weights.Dispose();
            Gradient.Dispose();
        }

        // The largest derivative by a probability of the pixel times the size of what it is multiplied by.
        private double SizeOf(double[] dx, double[] logits, double[] targets, int pixel)
        {
            double[] p = new double[logits.Length];
            if (_isSoftmax)
                ReferenceSoftmax.Forward(logits.Length / _classes, _classes, logits, p);
            else
                p = Array.ConvertAll(logits, z => 1 / (1 + Math.Exp(-z)));
            double largest = 0;
            for (int c = 0; c < _classes; c++)
            {
                double all = Smoothing, both = Smoothing;
                for (int i = c; i < p.Length; i += _classes)
                {
                    all += p[i] + targets[i];
                    both += 2 * p[i] * targets[i];
                }

                largest = Math.Max(largest, ((2 * targets[(pixel * _classes) + c]) + (both / all)) / all / _classes);
            }

            return largest * 8;
        }

        private IEnumerable<double> Pixel(int pixel, Func<int, double> value) =>
            Enumerable.Range(pixel * _classes, _classes).Select(value);

        private double Target(int pixel, int i) =>
            !_hasLabels ? _targets.Span[i] : !_isSoftmax ? _labels.Span[i] : _labels.Span[pixel] == i % _classes ? 1 : 0;
    }
}

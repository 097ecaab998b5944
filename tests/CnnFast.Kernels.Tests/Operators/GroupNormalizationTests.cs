using CnnFast.Operators;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// Normalisation of groups and rows as operators: against the reference, at any number of threads, on every tier, without allocations.
/// </summary>
public sealed class GroupNormalizationTests
{
    private const float Epsilon = 1e-3f;

    // Samples, pixels, groups, channels of a group. One pixel and one group are rows.
    private static readonly (int N, int Pixels, int Groups, int Channels)[] s_sizes =
    [
        (1, 1, 1, 2), (3, 1, 1, 5), (9, 1, 1, 64), (300, 1, 1, 67), (3, 1, 1, 2500), (2, 1, 3, 7), (2, 1, 4, 1), (1, 9, 1, 1), (3, 7, 2, 3),
        (2, 49, 1, 16), (5, 30, 4, 4), (2, 100, 17, 1), (1, 33, 3, 21), (2, 500, 8, 8), (1, 3000, 2, 1), (3, 70, 5, 26), (1, 700, 2, 65),
    ];

    [Fact]
    public void Outputs_and_gradients_are_within_the_bound_of_the_reference()
    {
        foreach ((int n, int pixels, int groups, int channels) in s_sizes)
            new Run(n, pixels, groups, channels, NormalizationKernels.All[0], ReduceKernels.All[0], SerialScheduler.Instance)
                .AssertWithinBounds();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_bits_are_the_same_at_any_number_of_threads(int threads)
    {
        foreach ((int n, int pixels, int groups, int channels) in
            new[] { (4, 4000, 1, 3), (1, 9000, 4, 10), (9, 300, 13, 10), (900, 1, 1, 70) })
        {
            var serial = new Run(n, pixels, groups, channels, NormalizationKernels.All[0], ReduceKernels.All[0], SerialScheduler.Instance);
            serial.AssertSameBits(new Run(n, pixels, groups, channels, NormalizationKernels.All[0], ReduceKernels.All[0],
                new ParallelForScheduler(threads)), $"{n}×{pixels}×{groups}×{channels} at {threads} threads");
        }
    }

    [Theory]
    [InlineData(IsaLevel.Avx2)]
    [InlineData(IsaLevel.Avx512)]
    [InlineData(IsaLevel.Neon)]
    public void The_fused_tiers_give_the_bits_of_the_fused_scalar_twin(IsaLevel tier)
    {
        Assert.SkipUnless(CpuInfo.IsSupported(tier), $"{tier} does not run here");
        NormalizationKernels twin = NormalizationKernels.Create<FusedScalarLanes, float, int>(IsaLevel.Scalar);
        ReduceKernels sums = ReduceKernels.Create<FusedScalarLanes, float, int>(IsaLevel.Scalar);
        foreach ((int n, int pixels, int groups, int channels) in s_sizes)
            new Run(n, pixels, groups, channels, twin, sums, SerialScheduler.Instance).AssertSameBits(
                new Run(n, pixels, groups, channels, KernelSelection.Choose(NormalizationKernels.All, tier),
                    KernelSelection.Choose(ReduceKernels.All, tier), SerialScheduler.Instance),
                $"{tier}, {n}×{pixels}×{groups}×{channels}");
    }

    [Fact]
    public void No_run_allocates()
    {
        var groups = new Run(3, 70, 4, 5, NormalizationKernels.All[0], ReduceKernels.All[0], SerialScheduler.Instance);
        var rows = new Run(30, 1, 1, 50, NormalizationKernels.All[0], ReduceKernels.All[0], SerialScheduler.Instance);
        long bytes = Allocations.Least(() =>
        {
            groups.All(SerialScheduler.Instance);
            rows.All(SerialScheduler.Instance);
        });
        Assert.True(bytes == 0, $"a run allocated {bytes} bytes");
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(1, 1, 40)]
    public void A_mean_that_is_large_beside_the_deviation_does_not_spoil_the_gradients(int n, int groups, int channels)
    {
        // Values around a million, whose last digit is 1/16: the mean itself is no float.
        int length = n * groups * channels;
        float[] x = [.. Enumerable.Range(0, length).Select(i => 1e6f + (0.0625f * (i * i % 3)))];
        float[] dy = [.. Enumerable.Range(0, length).Select(i => i + 1f)];
        var input = new Shape(n, 1, groups, channels);
        double[] y = new double[length], dx = new double[length], dgamma = new double[groups * channels],
            dbeta = new double[groups * channels];
        ReferenceGroupNormalization.Forward(input, SeededData.ToDouble(x), [], [], 1e-5f, y);
        ReferenceGroupNormalization.Backward(input, SeededData.ToDouble(x), SeededData.ToDouble(dy), [], 1e-5f, dgamma, dbeta, dx);
        float[] actual = new float[length], scales = new float[groups * channels];
        GroupNormalizationOperator forward = GroupNormalizationOperator.Create(n, 1, groups, channels, 1e-5f);
        forward.Run(SerialScheduler.Instance, n, x, [], [], actual, new byte[forward.WorkspaceBytes(1)]);
        Close(y, actual);
        GroupNormalizationBackward backward = GroupNormalizationBackward.Create(n, 1, groups, channels, 1e-5f);
        backward.Run(SerialScheduler.Instance, n, x, dy, [], scales, [], actual, new byte[backward.WorkspaceBytes(1)]);
        Close(dx, actual);
        Close(dgamma, scales);
        RowNormalizationOperator.Create(groups, channels, 1e-5f, 0).Run(SerialScheduler.Instance, n * groups, x, [], [], actual);
        Close(y, actual);
        RowNormalizationBackward rows = RowNormalizationBackward.Create(n * groups, groups, channels, 1e-5f);
        rows.Run(SerialScheduler.Instance, n * groups, x, dy, [], scales, [], actual, new byte[rows.WorkspaceBytes]);
        Close(dx, actual);
        Close(dgamma, scales);
    }

    [Fact]
    public void Lengths_and_sizes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ShapeException>(() => GroupNormalizationOperator.Create(1, 0, 1, 1, 1e-3));
        Assert.Throws<ShapeException>(() => RowNormalizationBackward.Create(1, 1, 0, 1e-3));
        GroupNormalizationBackward backward = GroupNormalizationBackward.Create(2, 3, 2, 2, 1e-3);
        Assert.Throws<ShapeException>(() => backward.Run(SerialScheduler.Instance, 2, new float[24], new float[23], [], [], [], [],
            new byte[backward.WorkspaceBytes(1)]));
        Assert.Throws<ShapeException>(() => backward.Run(SerialScheduler.Instance, 3, new float[36], new float[36], [], [], [], [],
            new byte[backward.WorkspaceBytes(1)]));
        Assert.Throws<ShapeException>(() => backward.Run(SerialScheduler.Instance, 2, new float[24], new float[24], [], [], [], [],
            new byte[8]));
    }

    // To a few roundings of the largest.
    private static void Close(double[] expected, float[] actual)
    {
        double bound = 4e-6 * expected.Max(Math.Abs);
        Assert.All(actual, (value, i) => Assert.InRange(value - expected[i], -bound, bound));
    }

    private sealed class Run
    {
        private readonly int _n;
        private readonly Shape _input;
        private readonly bool _rows;
        private readonly float[] _x, _dy, _gamma, _beta, _y, _dx, _dgamma, _dbeta, _onlyDx;
        private readonly GroupNormalizationOperator _forward;
        private readonly GroupNormalizationBackward _backward;
        private readonly RowNormalizationBackward _rowsBackward;
        private readonly byte[] _workspace;

        public Run(int n, int pixels, int groups, int channels, NormalizationKernels kernels, ReduceKernels sums, IWorkScheduler scheduler)
        {
            _n = n;
            _input = new Shape(n, pixels, groups, channels);
            _rows = pixels == 1;
            int length = _input.ElementCount, numbers = groups * channels;
            _x = Array.ConvertAll(SeededData.Uniform(length, 1), v => (2 * v) + 0.5f);
            _dy = SeededData.Uniform(length, 2);
            _gamma = SeededData.Uniform(numbers, 3);
            _beta = SeededData.Uniform(numbers, 4);
            (_y, _dx, _dgamma, _dbeta, _onlyDx) = (New(length), New(length), New(numbers), New(numbers), New(length));
            _forward = GroupNormalizationOperator.Create(n + 2, pixels, groups, channels, Epsilon, 0, kernels, sums);
            _backward = GroupNormalizationBackward.Create(n + 2, pixels, groups, channels, Epsilon, 0, kernels, sums);
            _rowsBackward = RowNormalizationBackward.Create((n + 1) * groups, groups, channels, Epsilon, 0, kernels);
            _workspace = new byte[new[]
            {
                _forward.WorkspaceBytes(scheduler.MaxThreads), _backward.WorkspaceBytes(scheduler.MaxThreads), _rowsBackward.WorkspaceBytes,
            }.Max()];
            Array.Fill(_workspace, (byte)0xFF);
            All(scheduler);
        }

        private IEnumerable<float[]> Outputs => [_y, _dx, _dgamma, _dbeta, _onlyDx];

        public void All(IWorkScheduler s)
        {
            _forward.Run(s, _n, _x, _gamma, _beta, _y, _workspace);
            if (_rows)
            {
                _rowsBackward.Run(s, _n * _input[2], _x, _dy, _gamma, _dgamma, _dbeta, _dx, _workspace);
                _rowsBackward.Run(s, _n * _input[2], _x, _dy, _gamma, [], [], _onlyDx, _workspace);
                return;
            }

            _backward.Run(s, _n, _x, _dy, _gamma, _dgamma, _dbeta, _dx, _workspace);
            _backward.Run(s, _n, _x, _dy, _gamma, [], [], _onlyDx, _workspace);
        }

        public void AssertSameBits(Run other, string what)
        {
            foreach ((float[] expected, float[] actual) in Outputs.Zip(other.Outputs))
                ConvolutionRuns.AssertSameBits(expected, actual, what);
        }

        public void AssertWithinBounds()
        {
            double[] x = SeededData.ToDouble(_x), dy = SeededData.ToDouble(_dy), gamma = SeededData.ToDouble(_gamma),
                beta = SeededData.ToDouble(_beta);
            double[] y = new double[x.Length], dx = new double[x.Length], dgamma = new double[gamma.Length],
                dbeta = new double[gamma.Length];
            ReferenceGroupNormalization.Forward(_input, x, gamma, beta, Epsilon, y);
            ReferenceGroupNormalization.Backward(_input, x, dy, gamma, Epsilon, dgamma, dbeta, dx);
            var magnitudes = new GroupNormalizationMagnitudes(_input, x, Epsilon);
            double[] absolute = SeededData.ToMagnitude(_x), scales = SeededData.ToMagnitude(_gamma);
            Hold("y", _y, y, magnitudes.Output(absolute, scales, SeededData.ToMagnitude(_beta)));
            (double[] dxs, double[] dgammas, double[] dbetas) = magnitudes.Gradients(absolute, SeededData.ToMagnitude(_dy), scales);
            Hold("dx", _dx, dx, dxs);
            Hold("dgamma", _dgamma, dgamma, dgammas);
            Hold("dbeta", _dbeta, dbeta, dbetas);
            ConvolutionRuns.AssertSameBits(_dx, _onlyDx, "dx alone");
        }

        private static float[] New(int length)
        {
            var values = new float[length];
            Array.Fill(values, float.NaN);
            return values;
        }

        private void Hold(string what, float[] actual, double[] reference, double[] magnitude)
        {
            ErrorMeasure error = ErrorBound.Measure(actual, reference, magnitude, (long)_n * _input[1] * _input[3]);
            Assert.True(error.Holds, $"{what} of {_input}: {error.Description}");
        }
    }
}

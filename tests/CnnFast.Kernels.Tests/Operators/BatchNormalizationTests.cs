using CnnFast.Operators;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// Batch normalisation and its sums as operators: against the reference, at any number of threads, on every tier, without allocations.
/// </summary>
public sealed class BatchNormalizationTests
{
    private const float Epsilon = 1e-3f;

    private static readonly (int Pixels, int Channels)[] s_sizes =
    [
        (1, 1), (2, 3), (3, 1), (7, 5), (63, 1), (64, 1), (65, 16), (100, 17), (33, 63), (300, 64), (50, 65), (1000, 3), (5000, 2),
        (40, 200), (700, 130), (17_001, 1), (2_000, 48),
    ];

    private static NormalizationKernels Kernels => KernelSelection.Choose(NormalizationKernels.All, null);

    private static ReduceKernels Sums => KernelSelection.Choose(ReduceKernels.All, null);

    [Fact]
    public void Outputs_statistics_and_gradients_are_within_the_bound_of_the_reference()
    {
        foreach ((int pixels, int channels) in s_sizes)
        {
            var run = new Run(pixels, channels, Kernels, Sums, SerialScheduler.Instance);
            run.AssertWithinBounds();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_bits_are_the_same_at_any_number_of_threads(int threads)
    {
        foreach ((int pixels, int channels) in new[] { (40_001, 3), (9_000, 40), (3_001, 130) })
        {
            var serial = new Run(pixels, channels, Kernels, Sums, SerialScheduler.Instance);
            var parallel = new Run(pixels, channels, Kernels, Sums, new ParallelForScheduler(threads));
            serial.AssertSameBits(parallel, $"{pixels} pixels of {channels} channels at {threads} threads");
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
        foreach ((int pixels, int channels) in s_sizes)
            new Run(pixels, channels, twin, sums, SerialScheduler.Instance).AssertSameBits(new Run(pixels, channels,
                KernelSelection.Choose(NormalizationKernels.All, tier), KernelSelection.Choose(ReduceKernels.All, tier),
                SerialScheduler.Instance), $"{tier}, {pixels} pixels of {channels} channels");
    }

    [Fact]
    public void No_run_allocates()
    {
        var run = new Run(700, 20, Kernels, Sums, SerialScheduler.Instance);
        long bytes = Allocations.Least(() => run.All(SerialScheduler.Instance));
        Assert.True(bytes == 0, $"a run allocated {bytes} bytes");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(70)]
    public void The_reported_workspace_is_enough_for_every_smaller_batch(int channels)
    {
        const int Most = 140;
        BatchNormalizationOperator forward = BatchNormalizationOperator.Create(Most, channels, Epsilon);
        BatchNormalizationBackward backward = BatchNormalizationBackward.Create(Most, channels, Epsilon, batchStatistics: true);
        ChannelSum sum = ChannelSum.Create(Most, channels);
        float[] x = SeededData.Uniform(Most * channels, 1), y = new float[x.Length], mean = new float[channels],
            variance = new float[channels];
        using var one = new GuardedBuffer<byte>(forward.WorkspaceBytes);
        using var two = new GuardedBuffer<byte>(backward.WorkspaceBytes);
        using var three = new GuardedBuffer<byte>(sum.WorkspaceBytes);
        for (int pixels = 1; pixels <= Most; pixels++)
        {
            Span<float> input = x.AsSpan(0, pixels * channels);
            Span<float> output = y.AsSpan(0, pixels * channels);
            forward.Run(SerialScheduler.Instance, pixels, input, [], [], mean, variance, output, one.Span);
            backward.Run(SerialScheduler.Instance, pixels, input, input, [], mean, variance, [], [], output, two.Span);
            sum.Run(SerialScheduler.Instance, pixels, input, mean, three.Span);
        }

        Assert.True(one.SlackIsIntact && two.SlackIsIntact && three.SlackIsIntact, "wrote outside its workspace");
    }

    [Fact]
    public void A_mean_that_is_large_beside_the_deviation_does_not_spoil_the_output()
    {
        // Values of 1000 ± 1/4: their squares in float would leave the variance no correct digit.
        float[] x = [.. Enumerable.Range(0, 4096).Select(i => 1000f + (i % 2 == 0 ? 0.25f : -0.25f))];
        var y = new float[x.Length];
        float[] mean = new float[2], variance = new float[2];
        BatchNormalizationOperator op = BatchNormalizationOperator.Create(2048, 2, 1e-9f);
        op.Run(SerialScheduler.Instance, 1024, x.AsSpan(0, 2048), [], [], mean, variance, y.AsSpan(0, 2048), new byte[op.WorkspaceBytes]);
        Assert.Equal([1000.25f, 999.75f], mean);
        Assert.Equal([0f, 0f], variance);
        op = BatchNormalizationOperator.Create(4096, 1, 1e-9f);
        op.Run(SerialScheduler.Instance, 4096, x, [], [], mean.AsSpan(0, 1), variance.AsSpan(0, 1), y, new byte[op.WorkspaceBytes]);
        Assert.Equal((1000f, 0.0625f), (mean[0], variance[0]));
        Assert.All(y, (value, i) => Assert.Equal(i % 2 == 0 ? 1 : -1, value, 1e-6f));
    }

    [Fact]
    public void A_mean_that_no_float_holds_does_not_spoil_the_gradients()
    {
        // By hand: the mean is 1e6 + 1/48, the variance 1/1152, Σ dy·(x − mean) = 1/16; a float next to 1e6 is 1/16 away.
        const float Small = 1e-5f;
        float[] x = [1e6f, 1e6f, 1e6f + 0.0625f], dy = [1f, 2f, 3f], dx = new float[3];
        double r = 1 / Math.Sqrt((1.0 / 1152) + Small);
        double[] expected = [.. dy.Select((g, i) => r * (g - 2 - (r * r * ((double)x[i] - 1e6 - (1.0 / 48)) / 16 / 3)))];
        foreach (NormalizationKernels kernels in NormalizationKernels.All.Where(kernels => CpuInfo.IsSupported(kernels.Isa)))
        {
            float[] y = new float[3], mean = new float[1], variance = new float[1], dgamma = new float[1], dbeta = new float[1];
            ReduceKernels sums = ReduceKernels.All.First(set => set.Isa == kernels.Isa);
            BatchNormalizationOperator forward = BatchNormalizationOperator.Create(3, 1, Small, kernels, sums);
            forward.Run(SerialScheduler.Instance, 3, x, [], [], mean, variance, y, new byte[forward.WorkspaceBytes]);
            BatchNormalizationBackward backward = BatchNormalizationBackward.Create(3, 1, Small, batchStatistics: true, kernels);
            backward.Run(SerialScheduler.Instance, 3, x, dy, [], mean, variance, dgamma, dbeta, dx, new byte[backward.WorkspaceBytes]);
            Assert.Equal(2.10921f, dgamma[0], 1e-5f);
            Assert.Equal(6f, dbeta[0]);
            Assert.All(dx, (value, i) => Assert.Equal(expected[i], value, 1e-4));
        }
    }

    [Fact]
    public void Gradients_about_a_large_mean_are_those_of_the_reference()
    {
        foreach ((int pixels, int channels) in new[] { (3, 1), (7, 5), (65, 16), (300, 64), (50, 130), (5000, 2) })
        {
            // Whole multiples of the floats' distance near 2e5, so that x − mean is exact but for the mean.
            float[] x = Array.ConvertAll(SeededData.Integers(pixels * channels, 9, 1), step => 200_000f + (step * 0.015625f));
            float[] dy = SeededData.Uniform(x.Length, 2), dx = new float[x.Length], y = new float[x.Length];
            float[] mean = new float[channels], variance = new float[channels], dgamma = new float[channels], dbeta = new float[channels];
            BatchNormalizationOperator forward = BatchNormalizationOperator.Create(pixels, channels, Epsilon);
            forward.Run(SerialScheduler.Instance, pixels, x, [], [], mean, variance, y, new byte[forward.WorkspaceBytes]);
            BatchNormalizationBackward backward = BatchNormalizationBackward.Create(pixels, channels, Epsilon, batchStatistics: true);
            backward.Run(SerialScheduler.Instance, pixels, x, dy, [], mean, variance, dgamma, dbeta, dx,
                new byte[backward.WorkspaceBytes]);

            double[] exact = SeededData.ToDouble(x), gradient = SeededData.ToDouble(dy), m = new double[channels],
                v = new double[channels], expected = new double[x.Length], scales = new double[channels], offsets = new double[channels];
            ReferenceBatchNormalization.Statistics(pixels, channels, exact, m, v);
            ReferenceBatchNormalization.BackwardParameters(pixels, channels, exact, gradient, m, v, Epsilon, scales, offsets);
            ReferenceBatchNormalization.BackwardData(pixels, channels, exact, gradient, [], Epsilon, expected);
            double size = 1 / Math.Sqrt(v.Min() + Epsilon);
            Assert.All(dgamma, (value, c) => Assert.Equal(scales[c], value, 1e-6 * pixels));
            Assert.All(dx, (value, i) => Assert.Equal(expected[i], value, 1e-5 * size));
        }
    }

    [Fact]
    public void A_residual_and_a_function_that_run_block_by_block_have_the_bits_of_sweeps_of_their_own()
    {
        foreach (NormalizationKernels kernels in NormalizationKernels.All.Where(kernels => CpuInfo.IsSupported(kernels.Isa)))
        {
            foreach ((int pixels, int channels) in s_sizes)
            {
                foreach (Activation activation in new[] { Activation.None, Activation.ReLU, Activation.ReLU6, Activation.Sigmoid })
                {
                    foreach (bool withResidual in new[] { false, true })
                        CheckMerged(kernels, pixels, channels, activation, withResidual);
                }
            }
        }
    }

    [Fact]
    public void A_function_whose_gradient_needs_its_argument_is_refused() => Assert.Throws<ArgumentException>(() =>
        BatchNormalizationBackward.Create(4, 3, Epsilon, batchStatistics: true, epilogue: Activation.SiLU));

    private static void CheckMerged(NormalizationKernels kernels, int pixels, int channels, Activation activation, bool withResidual)
    {
        string what = $"{kernels.Isa}, {pixels} pixels of {channels} channels, {activation}, residual {withResidual}";
        ReduceKernels sums = ReduceKernels.All.First(set => set.Isa == kernels.Isa);
        float[] gamma = SeededData.Uniform(channels, 3), beta = SeededData.Uniform(channels, 4);
        float[] x = SeededData.Uniform(pixels * channels, 1);
        float[] residual = SeededData.Uniform(x.Length, 5), gradient = SeededData.Uniform(x.Length, 2);
        float[] mean = new float[channels], variance = new float[channels], y = new float[x.Length], merged = new float[x.Length];
        ElementwiseOperators elements = ElementwiseOperators.Create(kernels.Isa);
        ActivationOperator? function = activation == Activation.None ? null : ActivationOperator.Create(activation, kernels.Isa);
        IWorkScheduler serial = SerialScheduler.Instance, parallel = new ParallelForScheduler(3);
        BatchNormalizationOperator plain = BatchNormalizationOperator.Create(pixels, channels, Epsilon, kernels, sums);
        plain.Run(serial, pixels, x, gamma, beta, mean, variance, y, new byte[plain.WorkspaceBytes]);
        if (withResidual)
            elements.Add(serial, y, residual, y);
        function?.Run(serial, y, y);
        BatchNormalizationOperator one = BatchNormalizationOperator.Create(pixels, channels, Epsilon, kernels, sums, activation);
        one.Run(parallel, pixels, x, gamma, beta, mean, variance, merged, new byte[one.WorkspaceBytes], withResidual ? residual : default);
        ConvolutionRuns.AssertSameBits(y, merged, what);

        foreach (bool batchStatistics in new[] { true, false })
        {
            foreach (bool wanted in new[] { true, false })
            {
                float[] g = [.. gradient], dy = [.. gradient], dx = new float[x.Length], mergedDx = new float[x.Length];
                float[] dgamma = new float[wanted ? channels : 0], dbeta = new float[dgamma.Length];
                float[] mergedDgamma = new float[dgamma.Length], mergedDbeta = new float[dgamma.Length];
                float[] dresidual = new float[withResidual ? x.Length : 0];
                function?.Backward(serial, y, g, g);
                BatchNormalizationBackward back = BatchNormalizationBackward.Create(pixels, channels, Epsilon, batchStatistics, kernels);
                back.Run(serial, pixels, x, g, gamma, mean, variance, dgamma, dbeta, dx, new byte[back.WorkspaceBytes]);
                BatchNormalizationBackward all = BatchNormalizationBackward.Create(pixels, channels, Epsilon, batchStatistics, kernels,
                    activation);
                all.Run(parallel, pixels, x, dy, gamma, mean, variance, mergedDgamma, mergedDbeta, mergedDx, new byte[all.WorkspaceBytes],
                    function is null ? default : y, dresidual);
                ConvolutionRuns.AssertSameBits(dx, mergedDx, $"dx, {what}");
                ConvolutionRuns.AssertSameBits(dgamma, mergedDgamma, $"dgamma, {what}");
                ConvolutionRuns.AssertSameBits(dbeta, mergedDbeta, $"dbeta, {what}");
                if (withResidual)
                    ConvolutionRuns.AssertSameBits(g, dresidual, $"dresidual, {what}");
            }
        }
    }

    private sealed class Run
    {
        private readonly int _pixels;
        private readonly int _channels;
        private readonly float[] _x, _dy, _gamma, _beta, _y, _mean, _variance, _dx, _dgamma, _dbeta, _fixedDx, _fixedDgamma, _scaled, _sums,
            _packedScale, _packedShift;
        private readonly BatchNormalizationOperator _forward;
        private readonly BatchNormalizationBackward _backward;
        private readonly BatchNormalizationBackward _fixed;
        private readonly ScaleShiftOperator _scaleShift;
        private readonly ChannelSum _sum;
        private readonly byte[] _workspace;

        public Run(int pixels, int channels, NormalizationKernels kernels, ReduceKernels sums, IWorkScheduler scheduler)
        {
            _pixels = pixels;
            _channels = channels;
            int length = pixels * channels;
            _x = Array.ConvertAll(SeededData.Uniform(length, 1), v => (2 * v) + 0.5f);
            _dy = SeededData.Uniform(length, 2);
            _gamma = SeededData.Uniform(channels, 3);
            _beta = SeededData.Uniform(channels, 4);
            (_y, _dx, _fixedDx, _scaled) = (New(length), New(length), New(length), New(length));
            (_mean, _variance, _dgamma, _dbeta, _fixedDgamma, _sums) = (New(channels), New(channels), New(channels), New(channels),
                New(channels), New(channels));
            _forward = BatchNormalizationOperator.Create(pixels + 3, channels, Epsilon, kernels, sums);
            _backward = BatchNormalizationBackward.Create(pixels + 3, channels, Epsilon, batchStatistics: true, kernels);
            _fixed = BatchNormalizationBackward.Create(pixels, channels, Epsilon, batchStatistics: false, kernels);
            _scaleShift = ScaleShiftOperator.Create(channels, kernels);
            _sum = ChannelSum.Create(pixels, channels, sums);
            _packedScale = New(_scaleShift.PackedLength);
            _packedShift = New(_scaleShift.PackedLength);
            _workspace =
                new byte[new[] { _forward.WorkspaceBytes, _backward.WorkspaceBytes, _fixed.WorkspaceBytes, _sum.WorkspaceBytes }.Max()];
            Array.Fill(_workspace, (byte)0xFF);
            All(scheduler);
        }

        private IEnumerable<float[]> Outputs => [_y, _mean, _variance, _dx, _dgamma, _dbeta, _fixedDx, _fixedDgamma, _scaled, _sums];

        public void All(IWorkScheduler s)
        {
            _forward.Run(s, _pixels, _x, _gamma, _beta, _mean, _variance, _y, _workspace);
            _backward.Run(s, _pixels, _x, _dy, _gamma, _mean, _variance, _dgamma, _dbeta, _dx, _workspace);
            _fixed.Run(s, _pixels, _x, _dy, _gamma, _mean, _variance, _fixedDgamma, [], _fixedDx, _workspace);
            _scaleShift.Pack(_gamma, _packedScale);
            _scaleShift.Pack(_beta, _packedShift);
            _scaleShift.Run(s, _pixels, _x, _packedScale, _packedShift, _scaled);
            _sum.Run(s, _pixels, _dy, _sums, _workspace);
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
            double[] mean = new double[_channels], variance = new double[_channels], y = new double[x.Length], dx = new double[x.Length],
                dgamma = new double[_channels], dbeta = new double[_channels];
            ReferenceBatchNormalization.Statistics(_pixels, _channels, x, mean, variance);
            ReferenceBatchNormalization.Forward(_pixels, _channels, x, gamma, beta, mean, variance, Epsilon, y);
            ReferenceBatchNormalization.BackwardParameters(_pixels, _channels, x, dy, mean, variance, Epsilon, dgamma, dbeta);
            ReferenceBatchNormalization.BackwardData(_pixels, _channels, x, dy, gamma, Epsilon, dx);
            var magnitudes = new BatchNormalizationMagnitudes(_pixels, _channels, x, mean, variance, Epsilon);
            double[] gradients = SeededData.ToMagnitude(_dy), scales = SeededData.ToMagnitude(_gamma);
            Hold("mean", _mean, mean, magnitudes.Mean(SeededData.ToMagnitude(_x)));
            Hold("variance", _variance, variance, magnitudes.Variance(SeededData.ToMagnitude(_x)));
            Hold("y", _y, y, magnitudes.Output(SeededData.ToMagnitude(_x), scales, SeededData.ToMagnitude(_beta)));
            (double[] dxMagnitude, double[] dgammaMagnitude, double[] dbetaMagnitude) = magnitudes.Gradients(SeededData.ToMagnitude(_x),
                gradients, scales);
            Hold("dx", _dx, dx, dxMagnitude);
            Hold("dgamma", _dgamma, dgamma, dgammaMagnitude);
            Hold("dbeta", _dbeta, dbeta, dbetaMagnitude);
            Hold("dgamma with fixed statistics", _fixedDgamma, dgamma, dgammaMagnitude);
            Hold("sums", _sums, dbeta, dbetaMagnitude);
            double[] fixedDx = [.. dy.Select((g, i) => g * gamma[i % _channels] / Math.Sqrt(variance[i % _channels] + Epsilon))];
            Hold("dx with fixed statistics", _fixedDx, fixedDx, dxMagnitude);
            Hold("scaled", _scaled, [.. x.Select((v, i) => (v * gamma[i % _channels]) + beta[i % _channels])],
                [.. x.Select((v, i) => Math.Abs(v * gamma[i % _channels]) + Math.Abs(beta[i % _channels]))]);
        }

        private static float[] New(int length)
        {
            var values = new float[length];
            Array.Fill(values, float.NaN);
            return values;
        }

        private void Hold(string what, float[] actual, double[] reference, double[] magnitude)
        {
            ErrorMeasure error = ErrorBound.Measure(actual, reference, magnitude, _pixels);
            Assert.True(error.Holds, $"{what} of {_pixels} pixels of {_channels} channels: {error.Description}");
        }
    }
}

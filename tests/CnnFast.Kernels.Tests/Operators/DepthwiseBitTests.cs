using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>The bits of depthwise convolutions: those of the scalar fused twin, at any number of threads.</summary>
public sealed class DepthwiseBitTests
{
    // Large enough that every scheduler hands out parts: bands, ranges of channels and images, in place and through a slab.
    private static readonly Conv2DCase[] s_large =
    [
        Case(1, 57, 61, 96, 1, 3, Padding.Same, 1, 1),
        Case(3, 33, 29, 72, 2, 3, Padding.Explicit(2, 0, 1, 3), 2, 1),
        Case(1, 7, 7, 1024, 1, 5, Padding.Same, 1, 1),
        Case(9, 28, 20, 33, 1, 7, Padding.Same, 2, 1),
        Case(2, 40, 36, 48, 1, 3, Padding.Same, 1, 2),
    ];

    private static IEnumerable<DepthwiseKernel> Kernels => DepthwiseKernels.All.Where(k => CpuInfo.IsSupported(k.Isa));

    private static IEnumerable<DepthwiseFilterKernel> FilterKernels => DepthwiseFilterKernels.All.Where(k => CpuInfo.IsSupported(k.Isa));

    [Fact]
    public void Fused_kernels_give_the_bits_of_the_scalar_fused_twin()
    {
        Assert.SkipUnless(Kernels.Any(k => k.Fused), "no kernel with fused multiply-add runs on this tier");
        foreach (Conv2DCase test in Conv2DCases.Depthwise(SweepDepth.Full))
        {
            float[] y = FusedTwin.Forward(test.Geometry, test.X(), test.W(), test.Bias(), Activation.ReLU);
            float[] dx = FusedTwin.BackwardData(test.Geometry, test.DY(), test.W(), [], Activation.None);
            float[] transposed = FusedTwin.BackwardData(test.Geometry, test.DY(), test.W(), test.TransposedBias(), Activation.ReLU);
            foreach (DepthwiseKernel kernel in Kernels.Where(k => k.Fused))
            {
                ConvolutionRuns.AssertSameBits(y, Forward(test, kernel, SerialScheduler.Instance), $"{kernel.Name} forward {test}");
                ConvolutionRuns.AssertSameBits(dx, BackwardData(test, kernel, SerialScheduler.Instance),
                    $"{kernel.Name} backward-data {test}");
                ConvolutionRuns.AssertSameBits(transposed, Transposed(test, kernel, Activation.ReLU, SerialScheduler.Instance),
                    $"{kernel.Name} transposed {test}");
            }
        }
    }

    [Fact]
    public void Fused_filter_gradients_give_the_bits_of_the_scalar_fused_twin()
    {
        DepthwiseFilterKernel[] fused = [.. FilterKernels.Where(k => Tiers.VectorsOf(k.Isa).IsFused)];
        Assert.SkipUnless(fused.Length > 0, "no kernel with fused multiply-add runs on this tier");
        DepthwiseFilterKernel twin = DepthwiseFilterKernel.Create<FusedScalarLanes, float, int>(IsaLevel.Scalar);
        foreach (Conv2DCase test in Conv2DCases.Depthwise(SweepDepth.Full).Concat(s_large))
        {
            (float[] dw, float[] db) = BackwardFilter(test, twin, SerialScheduler.Instance);
            foreach (DepthwiseFilterKernel kernel in fused)
            {
                (float[] dwKernel, float[] dbKernel) = BackwardFilter(test, kernel, SerialScheduler.Instance);
                ConvolutionRuns.AssertSameBits(dw, dwKernel, $"{kernel.Name} backward-filter {test}");
                ConvolutionRuns.AssertSameBits(db, dbKernel, $"{kernel.Name} backward-bias {test}");
            }
        }
    }

    [Fact]
    public void The_bits_are_the_same_at_1_2_3_and_8_threads()
    {
        DepthwiseKernel kernel = Kernels.First();
        foreach (Conv2DCase test in s_large)
        {
            float[] y = Forward(test, kernel, SerialScheduler.Instance);
            float[] dx = BackwardData(test, kernel, SerialScheduler.Instance);
            float[] transposed = Transposed(test, kernel, Activation.SiLU, SerialScheduler.Instance);
            (float[] dw, float[] db) = BackwardFilter(test, FilterKernels.First(), SerialScheduler.Instance);
            foreach (int threads in new[] { 1, 2, 3, 8 })
            {
                var scheduler = new ParallelForScheduler(threads);
                ConvolutionRuns.AssertSameBits(y, Forward(test, kernel, scheduler), $"forward at {threads} threads, {test}");
                ConvolutionRuns.AssertSameBits(dx, BackwardData(test, kernel, scheduler), $"backward-data at {threads} threads, {test}");
                ConvolutionRuns.AssertSameBits(transposed, Transposed(test, kernel, Activation.SiLU, scheduler),
                    $"transposed at {threads} threads, {test}");
                (float[] dwThreads, float[] dbThreads) = BackwardFilter(test, FilterKernels.First(), scheduler);
                ConvolutionRuns.AssertSameBits(dw, dwThreads, $"backward-filter at {threads} threads, {test}");
                ConvolutionRuns.AssertSameBits(db, dbThreads, $"backward-bias at {threads} threads, {test}");
            }
        }
    }

    [Fact]
    public void An_image_has_the_same_output_bits_alone_and_in_a_batch()
    {
        Conv2DCase batch = s_large[3];
        float[] all = Forward(batch, Kernels.First(), SerialScheduler.Instance);
        float[] alone = Forward(batch.WithBatch(1), Kernels.First(), SerialScheduler.Instance);
        ConvolutionRuns.AssertSameBits(all[..alone.Length], alone, "image 0");
    }

    [Fact]
    public void Outputs_too_large_for_the_caches_have_the_bits_of_small_ones()
    {
        // 57 MB of input and output: prefetched and, where a vector is a line, stored past the caches.
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(6, 112, 112, 96), new FilterShape(3, 3, 1, 96), Padding.Same, groups: 96);
        float[] filter = SeededData.Uniform(g.Filter.ToShape().ElementCount, 1), bias = SeededData.Uniform(g.OC, 2);
        var x = new AlignedBuffer<float>(g.Input.ElementCount);
        var y = new AlignedBuffer<float>(g.Output.ElementCount);
        SeededData.Uniform(x.Length, 3).CopyTo(x.Span);
        foreach (DepthwiseKernel kernel in Kernels.Where(k => k.Isa != IsaLevel.Scalar))
        {
            y.Span.Fill(float.NaN);
            Run(g, x.Span, y.Span);
            int image = x.Length / g.N;
            var alone = new float[image];
            for (int i = 0; i < g.N; i++)
            {
                Run(g.WithBatch(1), x.Span.Slice(i * image, image), alone);
                ConvolutionRuns.AssertSameBits(alone, y.Span.Slice(i * image, image).ToArray(), $"{kernel.Name}, image {i}");
            }

            void Run(Conv2DGeometry sizes, ReadOnlySpan<float> from, Span<float> to)
            {
                var pass = ConvolutionPass.Forward(sizes);
                var op = new Conv2DOperator(pass, new DepthwiseConvolution(pass, kernel, Activation.ReLU));
                var packed = new float[op.PackedFilterLength];
                op.PackFilter(filter, packed);
                var scheduler = new ParallelForScheduler(2);
                op.Run(scheduler, sizes.N, from, packed, bias, to, new byte[op.WorkspaceBytes(scheduler.MaxThreads)]);
            }
        }
    }

    private static float[] Forward(Conv2DCase test, DepthwiseKernel kernel, IWorkScheduler scheduler) =>
        ConvolutionRuns.Forward(test, pass => new DepthwiseConvolution(pass, kernel, Activation.ReLU), scheduler);

    private static float[] BackwardData(Conv2DCase test, DepthwiseKernel kernel, IWorkScheduler scheduler) =>
        ConvolutionRuns.BackwardData(test, pass => new DepthwiseConvolution(pass, kernel, default), scheduler);

    private static float[] Transposed(Conv2DCase test, DepthwiseKernel kernel, Activation activation, IWorkScheduler scheduler) =>
        ConvolutionRuns.BackwardData(test, pass => new DepthwiseConvolution(pass, kernel, activation), scheduler, test.TransposedBias());

    private static (float[] Dw, float[] Db) BackwardFilter(Conv2DCase test, DepthwiseFilterKernel kernel, IWorkScheduler scheduler) =>
        ConvolutionRuns.BackwardFilter(test, new DepthwiseFilterGradient(test.Geometry, kernel), scheduler);

    private static Conv2DCase Case(int n, int h, int w, int c, int multiplier, int k, Padding padding, int stride, int dilation) =>
        new(Conv2DGeometry.Create(Shape.Nhwc(n, h, w, c), new FilterShape(k, k, 1, c * multiplier), padding, stride, stride, dilation,
            dilation, c), n + h);
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Winograd convolutions: their bits at any number of threads and on every fused tier, their choice, their accuracy.</summary>
public sealed class WinogradTests
{
    private static readonly ConvAlgorithm[] s_forms = [ConvAlgorithm.Winograd2, ConvAlgorithm.Winograd4];

    // Both ways of running: blocks of tiles, and steps shared by all threads; with tails in tiles, rows and channels; the last reads ahead.
    private static readonly Conv2DCase[] s_large =
    [
        Case(3, 33, 29, 24, 40, Padding.Same),
        Case(1, 57, 61, 17, 31, Padding.Explicit(2, 0, 1, 3)),
        Case(9, 7, 7, 40, 33, Padding.Same),
        Case(1, 14, 15, 90, 100, Padding.Valid),
        Case(4, 61, 57, 35, 50, Padding.Explicit(0, 2, 2, 1)),
    ];

    [Fact]
    public void The_bits_are_the_same_at_1_2_3_and_8_threads()
    {
        foreach (Conv2DCase test in s_large)
        {
            foreach (ConvAlgorithm form in s_forms)
            {
                float[] y = Forward(test, form, SerialScheduler.Instance);
                float[] dx = BackwardData(test, form, SerialScheduler.Instance);
                (float[] dw, float[] db) = BackwardFilter(test, form, SerialScheduler.Instance);
                foreach (int threads in new[] { 2, 3, 8 })
                {
                    var scheduler = new ParallelForScheduler(threads);
                    ConvolutionRuns.AssertSameBits(y, Forward(test, form, scheduler), $"{form} forward at {threads} threads, {test}");
                    ConvolutionRuns.AssertSameBits(dx, BackwardData(test, form, scheduler),
                        $"{form} backward-data at {threads} threads, {test}");
                    (float[] dwThreads, float[] dbThreads) = BackwardFilter(test, form, scheduler);
                    ConvolutionRuns.AssertSameBits(dw, dwThreads, $"{form} backward-filter at {threads} threads, {test}");
                    ConvolutionRuns.AssertSameBits(db, dbThreads, $"{form} backward-bias at {threads} threads, {test}");
                }
            }
        }
    }

    [Fact]
    public void An_image_has_the_same_output_bits_alone_and_in_a_batch()
    {
        foreach (ConvAlgorithm form in s_forms)
        {
            foreach (Conv2DCase test in new[] { s_large[2], s_large[^1] })
            {
                float[] all = Forward(test, form, SerialScheduler.Instance);
                float[] alone = Forward(test.WithBatch(1), form, SerialScheduler.Instance);
                ConvolutionRuns.AssertSameBits(all[..alone.Length], alone, $"{form}, image 0");
            }
        }
    }

    [Fact]
    public void Fused_tiers_give_the_bits_of_the_scalar_fused_twin()
    {
        WinogradKernels twin = WinogradKernels.Create<FusedScalarLanes, float, int>(IsaLevel.Scalar);
        GemmKernel[] fused = [.. GemmKernels.All.Where(k => k.Fused && CpuInfo.IsSupported(k.Isa))];
        Assert.SkipWhen(fused.Length == 0, "no tier with fused multiply-add runs here");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Conv2DCase test in Conv2DCases.Winograd.Where(c => c.Seed % 2 == 0))
        {
            foreach (ConvAlgorithm form in s_forms)
            {
                float[] expected = Forward(test, form, twin, fused[0]);
                hash.AppendData(MemoryMarshal.AsBytes<float>(expected));
                foreach (WinogradKernels set in WinogradKernels.All.Where(s =>
                    Tiers.VectorsOf(s.Isa).IsFused && CpuInfo.IsSupported(s.Isa)))
                    ConvolutionRuns.AssertSameBits(expected, Forward(test, form, set, fused[^1]), $"{form} on {set.Isa}, {test}");
            }
        }

        Assert.Equal("0212EC611E36B6C6", Convert.ToHexString(hash.GetCurrentHash())[..16]);
    }

    [Fact]
    public void No_run_allocates()
    {
        foreach (ConvAlgorithm form in s_forms)
        {
            Conv2DGeometry g = s_large[3].Geometry;
            var forward = Conv2DOperator.Create(ConvolutionPass.Forward(g), default, form);
            Conv2DBackwardFilter filter = Conv2DBackwardFilter.Create(g, form);
            float[] x = s_large[3].X(), w = s_large[3].W(), dy = s_large[3].DY(), packed = new float[forward.PackedFilterLength],
                y = new float[dy.Length], dw = new float[w.Length];
            var workspace = new byte[Math.Max(forward.WorkspaceBytes(1), filter.WorkspaceBytes(1))];
            Assert.Equal(0, Allocations.Least(() =>
            {
                forward.PackFilter(w, packed);
                forward.Run(SerialScheduler.Instance, g.N, x, packed, [], y, workspace);
                filter.Run(SerialScheduler.Instance, g.N, x, dy, dw, [], workspace);
            }));
        }
    }

    [Theory]
    [InlineData(1, 56, 64, 64, ConvAlgorithm.Winograd4)]
    [InlineData(16, 14, 256, 256, ConvAlgorithm.Winograd4)]
    [InlineData(1, 7, 512, 512, ConvAlgorithm.Winograd2)]
    [InlineData(16, 7, 512, 512, ConvAlgorithm.Winograd4)]
    [InlineData(1, 14, 3, 32, null)]
    [InlineData(1, 14, 64, 8, null)]
    public void Auto_follows_the_sizes(int n, int size, int c, int oc, ConvAlgorithm? expected)
    {
        Conv2DGeometry g = Case(n, size, size, c, oc, Padding.Same).Geometry;
        Assert.Equal(expected, WinogradRule.Choose(WinogradMap.Of(ConvolutionPass.Forward(g)), g.N, ConvAlgorithm.Auto));
        string name = Conv2DOperator.Create(ConvolutionPass.Forward(g)).KernelName;
        Assert.Equal(expected?.ToString() ?? "F32Gemm", name[..(expected is null ? 7 : 9)]);
    }

    [Theory]
    [InlineData(2, 4, ConvAlgorithm.Winograd2, ConvAlgorithm.Direct, ConvAlgorithm.Direct)]
    [InlineData(2, 7, ConvAlgorithm.Winograd4, ConvAlgorithm.Winograd2, ConvAlgorithm.Winograd2)]
    [InlineData(16, 7, ConvAlgorithm.Winograd4, ConvAlgorithm.Winograd2, ConvAlgorithm.Winograd4)]
    public void Training_counts_that_filters_are_transformed_in_every_step(int n, int size, ConvAlgorithm once, ConvAlgorithm forward,
        ConvAlgorithm gradient)
    {
        Conv2DGeometry g = Case(n, size, size, 512, 512, Padding.Same).Geometry;
        var pass = ConvolutionPass.BackwardData(g);
        Assert.Equal(once, WinogradRule.Choose(WinogradMap.Of(pass), n, ConvAlgorithm.Auto));
        Assert.Equal(forward, WinogradRule.ForTraining(ConvolutionPass.Forward(g), ConvAlgorithm.Auto));
        Assert.Equal(gradient, WinogradRule.ForDataGradient(pass, ConvAlgorithm.Auto));
        foreach (ConvAlgorithm asked in new[] { ConvAlgorithm.Direct, ConvAlgorithm.Winograd2, ConvAlgorithm.Winograd4 })
            Assert.Equal(asked, WinogradRule.ForDataGradient(pass, asked));
    }

    [Fact]
    public void Auto_stays_direct_where_Winograd_would_take_too_much_memory()
    {
        Conv2DGeometry g = Case(8, 32, 32, 4096, 4096, Padding.Same).Geometry;
        Assert.Null(WinogradRule.Choose(WinogradMap.Of(ConvolutionPass.Forward(g)), g.N, ConvAlgorithm.Auto));
        Assert.Null(WinogradRule.ChooseFilterGradient(g, ConvAlgorithm.Auto));
        Conv2DGeometry wide = Case(32, 32, 32, 1500, 1500, Padding.Same).Geometry;
        Assert.Equal(ConvAlgorithm.Winograd2,
            WinogradRule.Choose(WinogradMap.Of(ConvolutionPass.Forward(wide)), wide.N, ConvAlgorithm.Auto));
        Assert.InRange(Conv2DOperator.Create(ConvolutionPass.Forward(wide)).WorkspaceBytes(8), 0, 400_000_000);
    }

    [Fact]
    public void Convolutions_that_Winograd_does_not_serve_run_direct_whatever_is_asked()
    {
        foreach (Conv2DCase test in Conv2DCases.Quick.Where(c => !WinogradMap.Serves(c.Geometry)))
        {
            foreach (ConvAlgorithm form in s_forms)
            {
                foreach (ConvolutionPass pass in new[] { ConvolutionPass.Forward(test.Geometry),
                    ConvolutionPass.BackwardData(test.Geometry) })
                    Assert.DoesNotContain("Winograd", Conv2DOperator.Create(pass, default, form).KernelName, StringComparison.Ordinal);
                Assert.DoesNotContain("Winograd", Conv2DBackwardFilter.Create(test.Geometry, form).KernelName, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_error_is_a_few_times_that_of_the_direct_algorithm()
    {
        // Root mean square over one ordinary layer; the bound of the sweep is for the worst case. docs/numerics.md quotes these.
        Conv2DCase test = Case(1, 12, 12, 64, 64, Padding.Same);
        double[] expected = test.ExpectForward().Values;
        double direct = Rms(expected, Forward(test, ConvAlgorithm.Direct, SerialScheduler.Instance));
        double two = Rms(expected, Forward(test, ConvAlgorithm.Winograd2, SerialScheduler.Instance));
        double four = Rms(expected, Forward(test, ConvAlgorithm.Winograd4, SerialScheduler.Instance));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"direct {direct:G3}, F(2x2) {two / direct:F2} times, F(4x4) {four / direct:F2} times");
        Assert.InRange(two / direct, 0.2, 2);
        Assert.InRange(four / direct, 0.5, 8);
    }

    private static double Rms(double[] expected, float[] actual) => Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Average());

    private static float[] Forward(Conv2DCase test, ConvAlgorithm form, IWorkScheduler scheduler) =>
        Run(test, Conv2DOperator.Create(ConvolutionPass.Forward(test.Geometry), default, form), scheduler);

    private static float[] Forward(Conv2DCase test, ConvAlgorithm form, WinogradKernels set, GemmKernel gemm) =>
        ConvolutionRuns.Forward(test, pass => new WinogradConvolution(pass, set, gemm, form, default), SerialScheduler.Instance);

    private static float[] Run(Conv2DCase test, Conv2DOperator op, IWorkScheduler scheduler)
    {
        var packed = new float[op.PackedFilterLength];
        op.PackFilter(test.W(), packed);
        var y = new float[test.Geometry.Output.ElementCount];
        op.Run(scheduler, test.Geometry.N, test.X(), packed, test.Bias(), y, new byte[op.WorkspaceBytes(scheduler.MaxThreads)]);
        return y;
    }

    private static float[] BackwardData(Conv2DCase test, ConvAlgorithm form, IWorkScheduler scheduler)
    {
        var op = Conv2DOperator.Create(ConvolutionPass.BackwardData(test.Geometry), default, form);
        var packed = new float[op.PackedFilterLength];
        op.PackFilter(test.W(), packed);
        var dx = new float[test.Geometry.Input.ElementCount];
        op.Run(scheduler, test.Geometry.N, test.DY(), packed, [], dx, new byte[op.WorkspaceBytes(scheduler.MaxThreads)]);
        return dx;
    }

    private static (float[] Dw, float[] Db) BackwardFilter(Conv2DCase test, ConvAlgorithm form, IWorkScheduler scheduler)
    {
        Conv2DBackwardFilter op = Conv2DBackwardFilter.Create(test.Geometry, form);
        var dw = new float[test.Geometry.Filter.ToShape().ElementCount];
        var db = new float[test.Geometry.OC];
        op.Run(scheduler, test.Geometry.N, test.X(), test.DY(), dw, db, new byte[op.WorkspaceBytes(scheduler.MaxThreads)]);
        return (dw, db);
    }

    private static Conv2DCase Case(int n, int h, int w, int c, int oc, Padding padding) =>
        new(Conv2DGeometry.Create(Shape.Nhwc(n, h, w, c), new FilterShape(3, 3, c, oc), padding, 1, 1, 1, 1, 1), n + h);
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>The bits of the convolutions: those of the scalar fused twin, at any number of threads, for any batch they run in.</summary>
public sealed unsafe class ConvolutionBitTests
{
    // Large enough that every scheduler really hands out parts, with tails in rows, columns and pixels.
    private static readonly Conv2DCase[] s_large =
    [
        Case(3, 33, 29, 24, 40, 3, 3, Padding.Same, 1, 1, 1),
        Case(2, 41, 30, 17, 31, 3, 5, Padding.Explicit(2, 0, 1, 3), 2, 1, 1),
        Case(20, 9, 7, 30, 36, 3, 3, Padding.Same, 1, 2, 2),
        Case(70, 1, 1, 300, 130, 1, 1, Padding.Valid, 1, 1, 1),
        Case(2, 28, 28, 48, 50, 1, 1, Padding.Valid, 1, 1, 1),
        Case(5, 28, 27, 3, 10, 5, 5, Padding.Same, 1, 1, 1),
    ];

    private static IEnumerable<GemmKernel> Tiles =>
        new[] { GemmKernels.All, GemmKernels.Planar }.SelectMany(list => list).Where(k => CpuInfo.IsSupported(k.Isa));

    [Fact]
    public void Fused_kernels_give_the_bits_of_the_scalar_fused_twin_forward()
    {
        Assert.SkipUnless(Tiles.Any(k => k.Fused), "no tile with fused multiply-add runs on this tier");
        foreach (GemmKernel kernel in Tiles.Where(k => k.Fused))
        {
            foreach (Conv2DCase test in Conv2DCases.Sweep.Where(test =>
                !kernel.LanesArePixels || PlanarConvolution.Serves(ConvolutionPass.Forward(test.Geometry))))
            {
                float[] twin = FusedTwin.Forward(test.Geometry, test.X(), test.W(), test.Bias(), Activation.ReLU);
                ConvolutionRuns.AssertSameBits(twin, ConvolutionRuns.Forward(test, kernel, Activation.ReLU, SerialScheduler.Instance),
                    $"{kernel.Name} {test}");
            }
        }
    }

    [Fact]
    public void Fused_kernels_give_the_bits_of_the_scalar_fused_twin_backward()
    {
        Assert.SkipUnless(Tiles.Any(k => k.Fused), "no tile with fused multiply-add runs on this tier");
        foreach (GemmKernel kernel in Tiles.Where(k => k.Fused))
        {
            foreach (Conv2DCase test in Conv2DCases.Sweep)
            {
                float[] twin = FusedTwin.BackwardData(test.Geometry, test.DY(), test.W(), [], Activation.None);
                ConvolutionRuns.AssertSameBits(twin, ConvolutionRuns.BackwardData(test, kernel, SerialScheduler.Instance),
                    $"{kernel.Name} {test}");
                float[] transposed = FusedTwin.BackwardData(test.Geometry, test.DY(), test.W(), test.TransposedBias(), Activation.ReLU);
                ConvolutionRuns.AssertSameBits(transposed,
                    ConvolutionRuns.Transposed(test, kernel, Activation.ReLU, SerialScheduler.Instance),
                    $"{kernel.Name} transposed {test}");
            }
        }
    }

    [Fact]
    public void The_tiles_that_shapes_choose_give_the_bits_of_the_scalar_fused_twin()
    {
        IsaLevel[] tiers = [.. Tiles.Where(k => k.Fused).Select(k => k.Isa).Distinct()];
        Assert.SkipWhen(tiers.Length == 0, "no tile with fused multiply-add runs on this tier");
        foreach (IsaLevel isa in tiers)
        {
            foreach (Conv2DCase test in Conv2DCases.Sweep.Where(c => !DepthwiseConvolution.Serves(c.Geometry)))
            {
                Conv2DGeometry g = test.Geometry;
                float[] y = ConvolutionRuns.Forward(
                    test,
                    pass => ConvolutionEngines.Choose(pass, Activation.ReLU, ConvAlgorithm.Direct, isa),
                    SerialScheduler.Instance);
                ConvolutionRuns.AssertSameBits(FusedTwin.Forward(g, test.X(), test.W(), test.Bias(), Activation.ReLU), y,
                    $"forward {isa} {test}");
                float[] dx = ConvolutionRuns.BackwardData(
                    test,
                    pass => ConvolutionEngines.Choose(pass, default, ConvAlgorithm.Direct, isa),
                    SerialScheduler.Instance);
                ConvolutionRuns.AssertSameBits(FusedTwin.BackwardData(g, test.DY(), test.W(), [], Activation.None), dx,
                    $"backward-data {isa} {test}");
            }
        }
    }

    [Fact]
    public void Fused_filter_gradients_give_the_bits_of_the_scalar_fused_twin()
    {
        var twin = new GemmOuterKernel(IsaLevel.Scalar, 6, 2, 2, &GemmOuterTile6x2<FusedScalarLanes, float, int>.Run);
        GemmOuterKernel[] fused = [.. GemmOuterKernels.All.Where(k => Tiers.VectorsOf(k.Isa).IsFused && CpuInfo.IsSupported(k.Isa))];
        Assert.SkipUnless(fused.Length > 0, "no tile with fused multiply-add runs on this tier");
        foreach (Conv2DCase test in Conv2DCases.Quick.Concat(s_large))
        {
            (float[] dw, _) = ConvolutionRuns.BackwardFilter(test, twin, SerialScheduler.Instance);
            foreach (GemmOuterKernel kernel in fused)
            {
                (float[] w, _) = ConvolutionRuns.BackwardFilter(test, kernel, SerialScheduler.Instance);
                ConvolutionRuns.AssertSameBits(dw, w, $"{kernel.Name}, {test}");
                if (!OuterProductFilterGradient.CanHaveChannelRows(test.Geometry))
                    continue;
                (w, _) = ConvolutionRuns.BackwardFilterWithChannelRows(test, kernel, SerialScheduler.Instance);
                ConvolutionRuns.AssertSameBits(dw, w, $"{kernel.Name} with channel rows, {test}");
            }
        }
    }

    [Fact]
    public void The_bits_are_the_same_at_1_2_3_and_8_threads()
    {
        foreach (Conv2DCase test in s_large)
            foreach (GemmKernel tile in new[] { Tiles.First(), Tiles.First(k => k.LanesArePixels) })
            {
                if (tile.LanesArePixels && !PlanarConvolution.Serves(ConvolutionPass.Forward(test.Geometry)))
                    continue;
                GemmOuterKernel outer = GemmOuterKernels.Choose(1, 1, 1, null);
                float[] y = ConvolutionRuns.Forward(test, tile, Activation.ReLU, SerialScheduler.Instance);
                float[] dx = ConvolutionRuns.BackwardData(test, tile, SerialScheduler.Instance);
                float[] transposed = ConvolutionRuns.Transposed(test, tile, Activation.SiLU, SerialScheduler.Instance);
                (float[] dw, float[] db) = ConvolutionRuns.BackwardFilter(test, outer, SerialScheduler.Instance);
                foreach (int threads in new[] { 1, 2, 3, 8 })
                {
                    var scheduler = new ParallelForScheduler(threads);
                    ConvolutionRuns.AssertSameBits(y, ConvolutionRuns.Forward(test, tile, Activation.ReLU, scheduler),
                        $"forward at {threads} threads, {test}");
                    ConvolutionRuns.AssertSameBits(dx, ConvolutionRuns.BackwardData(test, tile, scheduler),
                        $"backward-data at {threads} threads, {test}");
                    ConvolutionRuns.AssertSameBits(transposed, ConvolutionRuns.Transposed(test, tile, Activation.SiLU, scheduler),
                        $"transposed at {threads} threads, {test}");
                    (float[] dwThreads, float[] dbThreads) = ConvolutionRuns.BackwardFilter(test, outer, scheduler);
                    ConvolutionRuns.AssertSameBits(dw, dwThreads, $"backward-filter at {threads} threads, {test}");
                    ConvolutionRuns.AssertSameBits(db, dbThreads, $"backward-bias at {threads} threads, {test}");
                    if (!OuterProductFilterGradient.CanHaveChannelRows(test.Geometry))
                        continue;
                    (float[] dwThreaded, _) = ConvolutionRuns.BackwardFilterWithChannelRows(test, outer, scheduler);
                    (float[] dwSerial, _) = ConvolutionRuns.BackwardFilterWithChannelRows(test, outer, SerialScheduler.Instance);
                    ConvolutionRuns.AssertSameBits(dwSerial, dwThreaded, $"backward-filter with channel rows at {threads} threads, {test}");
                }
            }
    }

    [Fact]
    public void An_image_has_the_same_output_bits_alone_and_in_a_batch()
    {
        Conv2DCase batch = s_large[2];
        float[] all = ConvolutionRuns.Forward(batch, Tiles.First(), Activation.None, SerialScheduler.Instance);
        float[] alone = ConvolutionRuns.Forward(batch.WithBatch(1), Tiles.First(), Activation.None, SerialScheduler.Instance);
        ConvolutionRuns.AssertSameBits(all[..alone.Length], alone, "image 0");
    }

    [Fact]
    public void The_golden_hash_of_fused_convolutions_has_not_changed()
    {
        Assert.SkipUnless(Tiles.Any(k => k.Fused), "no tile with fused multiply-add runs on this tier");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Conv2DCase test in Conv2DCases.Quick)
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(ConvolutionRuns.Forward(test, Tiles.First(k => k.Fused), Activation.ReLU,
                SerialScheduler.Instance)));
            hash.AppendData(MemoryMarshal.AsBytes<float>(ConvolutionRuns.BackwardData(test, Tiles.First(k => k.Fused),
                SerialScheduler.Instance)));
        }

        Assert.Equal("9E29E38FAF99E64E", Convert.ToHexString(hash.GetCurrentHash())[..16]);
    }

    private static Conv2DCase Case(int n, int h, int w, int c, int oc, int kh, int kw, Padding padding, int stride, int dilation,
        int groups) =>
        new(Conv2DGeometry.Create(Shape.Nhwc(n, h, w, c), new FilterShape(kh, kw, c / groups, oc), padding, stride, stride, dilation,
            dilation, groups), n + h);
}

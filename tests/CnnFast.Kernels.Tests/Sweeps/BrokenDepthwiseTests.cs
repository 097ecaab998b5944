using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Depthwise kernels that are wrong on purpose must be caught by the sweep that passes the real ones.</summary>
public sealed unsafe class BrokenDepthwiseTests
{
    private static readonly DepthwiseKernel s_right = DepthwiseKernels.All.First(k => k.Isa == IsaLevel.Scalar);

    [Fact]
    public void A_dropped_run_is_caught() => AssertCaught(&DropLastRun, s_right.Run.Pixel);

    [Fact]
    public void A_missing_bias_is_caught() => AssertCaught(&ForgetBias, s_right.Run.Pixel);

    [Fact]
    public void A_missing_residual_is_caught() => AssertCaught(&ForgetResidual, s_right.Run.Pixel);

    [Fact]
    public void Rows_of_the_wrong_output_are_caught() => AssertCaught(&RepeatFirstRow, s_right.Run.Pixel);

    [Fact]
    public void A_border_that_drops_a_tap_is_caught() => AssertCaught(s_right.Run.OfColumns(4), &DropLastTap);

    [Fact]
    public void A_missing_activation_is_caught() => AssertCaught(s_right.Run.OfColumns(4), s_right.Run.Pixel, s_right.Run);

    private static void AssertCaught(delegate*<DepthwiseTile*, void> tile, delegate*<DepthwisePixel*, void> pixel, DepthwiseTiles? relu = null)
    {
        var broken = new DepthwiseTiles(
            pixel,
            [tile, s_right.Run.OfColumns(5), s_right.Run.OfColumns(6), s_right.Run.OfColumns(7), s_right.Run.OfColumns(8)]);
        var kernel = new DepthwiseKernel { Isa = IsaLevel.Scalar, Lanes = 1, Fused = false, Run = broken, RunReLU = relu ?? s_right.RunReLU, RunReLU6 = s_right.RunReLU6 };
        KernelReport report = new DepthwiseForwardSweep([kernel]).Run(SweepDepth.Full, TestContext.Current.CancellationToken).Single();
        Assert.False(report.Holds, "the sweep passed a broken kernel");
    }

    private static void DropLastRun(DepthwiseTile* tile)
    {
        tile->RunCount--;
        s_right.Run.OfColumns(4)(tile);
        tile->RunCount++;
    }

    private static void ForgetBias(DepthwiseTile* tile)
    {
        float zero = 0;
        tile->Bias = &zero;
        s_right.Run.OfColumns(4)(tile);
    }

    private static void ForgetResidual(DepthwiseTile* tile)
    {
        tile->Residual = null;
        s_right.Run.OfColumns(4)(tile);
    }

    private static void RepeatFirstRow(DepthwiseTile* tile)
    {
        nint step = tile->SourceRowStep;
        tile->SourceRowStep = 0;
        s_right.Run.OfColumns(4)(tile);
        tile->SourceRowStep = step;
    }

    private static void DropLastTap(DepthwisePixel* pixel)
    {
        pixel->TapCount--;
        s_right.Run.Pixel(pixel);
        pixel->TapCount++;
    }
}

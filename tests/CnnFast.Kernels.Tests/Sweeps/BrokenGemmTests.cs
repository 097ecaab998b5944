using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>The checkers checked: kernels that are wrong on purpose must be caught by the sweeps that pass the real ones.</summary>
public sealed unsafe class BrokenGemmTests
{
    private static readonly GemmKernel s_right = GemmKernels.All.First(k => k.Isa == IsaLevel.Scalar);
    private static readonly GemmKernel s_planar = GemmKernels.Planar.First(k => k.Isa == IsaLevel.Scalar);
    private static readonly GemmOuterKernel s_rightOuter = GemmOuterKernels.All.First(k => k.Isa == IsaLevel.Scalar);

    [Fact]
    public void A_dropped_term_is_caught() => AssertCaught(&DropLastTerm, &DropLastTerm);

    [Fact]
    public void A_missing_bias_is_caught() => AssertCaught(&ForgetBias, &ForgetBias);

    [Fact]
    public void A_missing_residual_is_caught() => AssertCaught(&ForgetResidual, &ForgetResidual);

    [Fact]
    public void Swapped_rows_are_caught() => AssertCaught(&SwapRows, &SwapRows);

    [Fact]
    public void A_dropped_term_is_caught_where_lanes_are_pixels()
    {
        var broken = new GemmKernel
        {
            Isa = IsaLevel.Scalar,
            LanesArePixels = true,
            MR = s_planar.MR,
            NR = s_planar.NR,
            Lanes = s_planar.Lanes,
            Fused = false,
            Run = &DropLastPlanarTerm,
            RunReLU = &DropLastPlanarTerm,
            RunReLU6 = s_planar.RunReLU6,
        };
        KernelReport forward = new Conv2DForwardSweep([broken]).Run(SweepDepth.Quick, TestContext.Current.CancellationToken).Single();
        KernelReport backward = new Conv2DBackwardDataSweep([broken]).Run(SweepDepth.Quick, TestContext.Current.CancellationToken).Single();
        Assert.False(forward.Holds || backward.Holds, "a sweep passed a broken kernel");
    }

    [Fact]
    public void A_missing_activation_is_caught() => AssertCaught(s_right.Run, s_right.Run);

    [Fact]
    public void A_wrong_pixel_step_is_caught_in_the_outer_product()
    {
        var broken = new GemmOuterKernel(IsaLevel.Scalar, s_rightOuter.MR, s_rightOuter.NR, 2, &IgnoreRowStep);
        KernelReport report = new Conv2DBackwardFilterSweep([broken]).Run(SweepDepth.Quick, TestContext.Current.CancellationToken).Single();
        Assert.False(report.Holds, "the sweep passed a broken kernel");
    }

    [Fact]
    public void A_dropped_pixel_is_caught_in_the_outer_product()
    {
        var broken = new GemmOuterKernel(IsaLevel.Scalar, s_rightOuter.MR, s_rightOuter.NR, 2, &DropLastRow);
        KernelReport report = new Conv2DBackwardFilterSweep([broken]).Run(SweepDepth.Quick, TestContext.Current.CancellationToken).Single();
        Assert.False(report.Holds, "the sweep passed a broken kernel");
    }

    [Fact]
    public void Swapped_height_and_width_are_caught()
    {
        // An operator that takes H for W runs the transposed geometry on the same data.
        int caught = 0, tried = 0;
        foreach (Conv2DCase test in Conv2DCases.Quick)
        {
            Conv2DGeometry g = test.Geometry;
            if (g.H == g.W && g.KH == g.KW && g.StrideH == g.StrideW && g.DilationH == g.DilationW && g.PadTop == g.PadLeft
                && g.PadBottom == g.PadRight)
                continue;
            Conv2DGeometry swapped = Conv2DGeometry.Create(
                Shape.Nhwc(g.N, g.W, g.H, g.C),
                new FilterShape(g.KW, g.KH, g.GroupC, g.OC),
                Padding.Explicit(g.PadLeft, g.PadTop, g.PadRight, g.PadBottom),
                g.StrideW,
                g.StrideH,
                g.DilationW,
                g.DilationH,
                g.Groups);
            float[] y = ConvolutionRuns.Forward(new Conv2DCase(swapped, test.Seed), s_right, Activation.None, SerialScheduler.Instance);
            tried++;
            caught += test.ExpectForward().Measure(y).Holds ? 0 : 1;
        }

        // Two or three cases have so few pixels that both readings agree.
        Assert.True(tried >= 20 && caught >= tried - 4, $"only {caught} of {tried} swapped cases were caught");
    }

    private static void AssertCaught(delegate*<GemmTile*, void> run, delegate*<GemmTile*, void> runReLU)
    {
        var broken = new GemmKernel
        {
            Isa = IsaLevel.Scalar,
            LanesArePixels = false,
            MR = s_right.MR,
            NR = s_right.NR,
            Lanes = s_right.Lanes,
            Fused = false,
            Run = run,
            RunReLU = runReLU,
            RunReLU6 = s_right.RunReLU6,
        };
        KernelReport report = new Conv2DForwardSweep([broken]).Run(SweepDepth.Quick, TestContext.Current.CancellationToken).Single();
        Assert.False(report.Holds, "the sweep passed a broken kernel");
    }

    private static void DropLastTerm(GemmTile* tile)
    {
        // A tail that forgets the last channel of a run, as a vector loop without its remainder does.
        GemmRun last = tile->Runs[tile->RunCount - 1];
        if (last.Length % 4 == 1 && last.Length > 1)
            tile->Runs[tile->RunCount - 1] = last with { Length = last.Length - 1 };
        s_right.Run(tile);
        tile->Runs[tile->RunCount - 1] = last;
    }

    private static void DropLastPlanarTerm(GemmTile* tile)
    {
        GemmRun last = tile->Runs[tile->RunCount - 1];
        if (last.Length > 1)
            tile->Runs[tile->RunCount - 1] = last with { Length = last.Length - 1 };
        s_planar.Run(tile);
        tile->Runs[tile->RunCount - 1] = last;
    }

    private static void ForgetBias(GemmTile* tile)
    {
        float* zeros = stackalloc float[16];
        new Span<float>(zeros, 16).Clear();
        float* bias = tile->Bias;
        if (bias is not null)
            tile->Bias = zeros;
        s_right.Run(tile);
        tile->Bias = bias;
    }

    private static void ForgetResidual(GemmTile* tile)
    {
        tile->Residual = null;
        s_right.Run(tile);
    }

    private static void SwapRows(GemmTile* tile)
    {
        nint* rows = tile->RowOffsets;
        if (tile->Rows > 1)
            (rows[0], rows[1]) = (rows[1], rows[0]);
        s_right.Run(tile);
        if (tile->Rows > 1)
            (rows[0], rows[1]) = (rows[1], rows[0]);
    }

    private static void IgnoreRowStep(GemmOuterTile* tile)
    {
        // Every row of pixels reads where the first does.
        nint* pixelRows = tile->APixelRows;
        nint* first = stackalloc nint[(int)tile->Rows];
        new Span<nint>(first, (int)tile->Rows).Fill(pixelRows[0]);
        tile->APixelRows = first;
        s_rightOuter.Run(tile);
        tile->APixelRows = pixelRows;
    }

    private static void DropLastRow(GemmOuterTile* tile)
    {
        nint rows = tile->Rows;
        tile->Rows = Math.Max(1, rows - 1);
        s_rightOuter.Run(tile);
        tile->Rows = rows;
    }
}

using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Depthwise kernels that are wrong on purpose must be caught by the sweep that passes the real ones.</summary>
public sealed unsafe class BrokenDepthwiseTests
{
    private const int Columns = 4;
    private static readonly DepthwiseKernel s_right = DepthwiseKernels.All.First(k => k.Isa == IsaLevel.Scalar);

    [Fact]
    public void A_dropped_run_is_caught() => AssertCaught(&DropLastRun);

    [Fact]
    public void A_missing_bias_is_caught() => AssertCaught(&ForgetBias);

    [Fact]
    public void A_missing_residual_is_caught() => AssertCaught(&ForgetResidual);

    [Fact]
    public void Rows_of_the_wrong_output_are_caught() => AssertCaught(&RepeatFirstRow);

    [Fact]
    public void A_border_taken_for_the_inside_is_caught() => AssertCaught(&ForgetBorder);

    [Fact]
    public void A_missing_activation_is_caught() => AssertCaught(s_right.Run.Whole(Columns, true), s_right.Run);

    private static void AssertCaught(delegate*<DepthwiseTile*, void> tile, DepthwiseTiles? relu = null)
    {
        var tiles = new delegate*<DepthwiseTile*, void>[3 * DepthwiseTiles.MostColumns];
        for (int i = 0; i < tiles.Length; i++)
        {
            int columns = (i % DepthwiseTiles.MostColumns) + 1;
            tiles[i] = i >= 2 * DepthwiseTiles.MostColumns
                ? s_right.Run.Part(columns)
                : s_right.Run.Whole(columns, i >= DepthwiseTiles.MostColumns);
        }

        tiles[DepthwiseTiles.MostColumns + Columns - 1] = tile;
        var broken = new DepthwiseTiles(tiles);
        var kernel = new DepthwiseKernel
        {
            Isa = IsaLevel.Scalar,
            Lanes = 1,
            Fused = false,
            Run = broken,
            RunReLU = relu ?? s_right.RunReLU,
            RunReLU6 = s_right.RunReLU6,
        };
        KernelReport report = new DepthwiseForwardSweep([kernel]).Run(SweepDepth.Full, TestContext.Current.CancellationToken).Single();
        Assert.False(report.Holds, "the sweep passed a broken kernel");
    }

    private static void DropLastRun(DepthwiseTile* tile)
    {
        tile->RunCount--;
        s_right.Run.Whole(Columns, true)(tile);
        tile->RunCount++;
    }

    private static void ForgetBias(DepthwiseTile* tile)
    {
        float zero = 0;
        tile->Bias = &zero;
        s_right.Run.Whole(Columns, true)(tile);
    }

    private static void ForgetResidual(DepthwiseTile* tile)
    {
        tile->Residual = null;
        s_right.Run.Whole(Columns, true)(tile);
    }

    private static void RepeatFirstRow(DepthwiseTile* tile)
    {
        nint step = tile->SourceRowStep;
        tile->SourceRowStep = 0;
        s_right.Run.Whole(Columns, true)(tile);
        tile->SourceRowStep = step;
    }

    // The source seems a column narrower, so that the last tap of the last output is left out.
    private static void ForgetBorder(DepthwiseTile* tile)
    {
        tile->SourceColumns--;
        s_right.Run.Whole(Columns, true)(tile);
        tile->SourceColumns++;
    }
}

using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Depthwise filter gradients that are wrong on purpose must be caught by the sweep that passes the real ones.</summary>
public sealed unsafe class BrokenDepthwiseFilterTests
{
    private static readonly DepthwiseFilterKernel s_right = DepthwiseFilterKernels.All.First(k => k.Isa == IsaLevel.Scalar);

    [Fact]
    public void A_dropped_row_is_caught() => AssertCaught(&DropLastRow);

    [Fact]
    public void A_border_taken_for_the_inside_is_caught() => AssertCaught(&ForgetBorder);

    [Fact]
    public void A_missing_bias_gradient_is_caught() => AssertCaught(&ForgetBias);

    private static void AssertCaught(delegate*<DepthwiseFilterTile*, void> tile)
    {
        var tiles = new delegate*<DepthwiseFilterTile*, void>[18];
        for (int i = 0; i < tiles.Length; i++)
            tiles[i] = i == 16 ? tile : s_right.Of((i / 6) + 1, (i / 2 % 3) + 1, i % 2 == 0);
        KernelReport report = new DepthwiseBackwardFilterSweep([new DepthwiseFilterKernel(IsaLevel.Scalar, 1, tiles)])
            .Run(SweepDepth.Quick, TestContext.Current.CancellationToken)
            .Single();
        Assert.False(report.Holds, "the sweep passed a broken kernel");
    }

    private static void DropLastRow(DepthwiseFilterTile* tile)
    {
        tile->Rows--;
        s_right.Of(3, 3, true)(tile);
        tile->Rows++;
    }

    // The last column that reads the source is left out, as by an inside that ends too early.
    private static void ForgetBorder(DepthwiseFilterTile* tile)
    {
        nint columns = tile->Columns;
        tile->Columns = Math.Max(1, Math.Min(columns, tile->InsideEnd));
        s_right.Of(3, 3, true)(tile);
        tile->Columns = columns;
    }

    private static void ForgetBias(DepthwiseFilterTile* tile)
    {
        tile->BiasSums = null;
        s_right.Of(3, 3, true)(tile);
    }
}

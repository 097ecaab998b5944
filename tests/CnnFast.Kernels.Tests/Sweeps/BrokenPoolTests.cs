using CnnFast.Operators;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// The checkers checked: pooling kernels that are wrong on purpose must be caught by the sweep that passes the real ones.
/// </summary>
public sealed unsafe class BrokenPoolTests
{
    private static readonly PoolKernels s_right = PoolKernels.All.First(s => s.Isa == IsaLevel.Scalar);

    [Fact]
    public void The_right_kernels_pass_as_a_list_of_their_own() =>
        Assert.All(Sweep(s_right), report => Assert.True(report.Holds, report.ToString()));

    [Fact]
    public void A_dropped_tail_of_channels_is_caught() => AssertCaught("MaxPool2D", Change(maxForward: &DropTail));

    [Fact]
    public void A_window_taken_for_square_is_caught_forward() => AssertCaught("AveragePool2D", Change(averageForward: &SquareWindow));

    [Fact]
    public void A_maximum_that_loses_NaN_is_caught() => AssertCaught("MaxPool2D", Change(maxForward: &LoseNaN));

    [Fact]
    public void A_last_maximum_that_wins_is_caught() => AssertCaught("MaxPool2DBackward", Change(maxBackward: &LastMaximum));

    [Fact]
    public void A_gradient_given_to_every_maximum_is_caught() => AssertCaught("MaxPool2DBackward", Change(maxBackward: &EveryMaximum));

    [Fact]
    public void Overlapping_windows_that_overwrite_each_other_are_caught() =>
        AssertCaught("AveragePool2DBackward", Change(averageBackward: &Overwrite));

    [Fact]
    public void A_band_that_takes_no_notice_of_the_rows_above_it_is_caught() =>
        AssertCaught("MaxPool2DBackward", Change(maxBackward: &ForgetRowsAbove));

    [Fact]
    public void A_band_that_writes_into_the_one_above_it_is_caught() =>
        AssertCaught("AveragePool2DBackward", Change(averageBackward: &WriteRowsAbove));

    [Fact]
    public void A_wrong_divisor_is_caught() => AssertCaught("AveragePool2D", Change(averageForward: &DivideByRows));

    [Fact]
    public void Swapped_height_and_width_are_caught()
    {
        // An operator that takes H for W runs the transposed geometry on the same data.
        int caught = 0, tried = 0;
        foreach (Pool2DCase test in Pool2DCases.Quick)
        {
            Pool2DGeometry g = test.Geometry;
            if (g.H == g.W && g.KH == g.KW && g.StrideH == g.StrideW && g.DilationH == g.DilationW && g.PadTop == g.PadLeft
                && g.PadBottom == g.PadRight)
                continue;
            Pool2DGeometry swapped = Pool2DGeometry.Create(
                Shape.Nhwc(g.N, g.W, g.H, g.C),
                g.KW,
                g.KH,
                g.StrideW,
                g.StrideH,
                Padding.Explicit(g.PadLeft, g.PadTop, g.PadRight, g.PadBottom),
                g.DilationW,
                g.DilationH);
            var y = new float[g.Output.ElementCount];
            MaxPool2DOperator.Create(swapped, s_right).Run(SerialScheduler.Instance, g.N, test.X(), y);
            tried++;
            caught += ErrorBound.MeasureExact(y, test.ExpectMaxForward(test.X())).Holds ? 0 : 1;
        }

        // Both readings agree where the window is the whole image, one row or one pixel.
        Assert.True(tried >= 16 && caught >= tried - 6, $"only {caught} of {tried} swapped cases were caught");
    }

    private static KernelReport[] Sweep(PoolKernels kernels) =>
        [.. new Pool2DSweep([kernels]).Run(SweepDepth.Quick, TestContext.Current.CancellationToken)];

    private static void AssertCaught(string operation, PoolKernels broken)
    {
        foreach (KernelReport report in Sweep(broken))
        {
            bool isBroken = report.Kernel == $"F32{operation}Scalar";
            Assert.True(report.Holds != isBroken, isBroken ? $"the sweep passed a broken {operation}" : report.ToString());
        }
    }

    private static PoolKernels Change(
        delegate*<float*, float*, PoolRun*, void> maxForward = null,
        delegate*<float*, float*, float*, float*, PoolRun*, void> maxBackward = null,
        delegate*<float*, float*, PoolRun*, void> averageForward = null,
        delegate*<float*, float*, PoolRun*, void> averageBackward = null) => new()
        {
            Isa = IsaLevel.Scalar,
            MaxForward = maxForward is null ? s_right.MaxForward : maxForward,
            MaxBackward = maxBackward is null ? s_right.MaxBackward : maxBackward,
            AverageForward = averageForward is null ? s_right.AverageForward : averageForward,
            AverageBackward = averageBackward is null ? s_right.AverageBackward : averageBackward,
        };

    // A vector loop without its remainder.
    private static void DropTail(float* x, float* y, PoolRun* run)
    {
        for (nint window = 0; window < run->Windows; window++)
        {
            PoolRun one = *run;
            one.Windows = 1;
            one.Channels = run->Channels / 4 * 4;
            s_right.MaxForward(x + (window * run->WindowStride), y + (window * run->Channels), &one);
        }
    }

    private static void SquareWindow(float* x, float* y, PoolRun* run)
    {
        PoolRun square = *run;
        square.Rows = square.Columns = Math.Min(run->Rows, run->Columns);
        s_right.AverageForward(x, y, &square);
    }

    private static void DivideByRows(float* x, float* y, PoolRun* run)
    {
        PoolRun wrong = *run;
        wrong.Scale = 1f / run->Rows;
        s_right.AverageForward(x, y, &wrong);
    }

    private static void Overwrite(float* dy, float* dx, PoolRun* run)
    {
        PoolRun wrong = *run;
        wrong.Disjoint = true;
        s_right.AverageBackward(dy, dx, &wrong);
    }

    private static void ForgetRowsAbove(float* x, float* y, float* dy, float* dx, PoolRun* run)
    {
        PoolRun wrong = *run;
        wrong.Rows -= run->SkippedRows;
        wrong.SkippedRows = 0;
        nint above = run->SkippedRows * run->RowStride;
        s_right.MaxBackward(x + above, y, dy, dx + above, &wrong);
    }

    private static void WriteRowsAbove(float* dy, float* dx, PoolRun* run)
    {
        PoolRun wrong = *run;
        wrong.SkippedRows = 0;
        s_right.AverageBackward(dy, dx, &wrong);
    }

    private static void LoseNaN(float* x, float* y, PoolRun* run)
    {
        for (nint i = 0; i < run->Windows * run->Channels; i++)
        {
            float* first = x + (i / run->Channels * run->WindowStride) + (i % run->Channels);
            y[i] = *first;
            for (nint tap = 0; tap < run->Rows * run->Columns; tap++)
                y[i] = ScalarLanes.Max(y[i], first[(tap / run->Columns * run->RowStride) + (tap % run->Columns * run->ColumnStride)]);
        }
    }

    private static void LastMaximum(float* x, float* y, float* dy, float* dx, PoolRun* run) => Route(x, y, dy, dx, run, onlyLast: true);

    private static void EveryMaximum(float* x, float* y, float* dy, float* dx, PoolRun* run) => Route(x, y, dy, dx, run, onlyLast: false);

    private static void Route(float* x, float* y, float* dy, float* dx, PoolRun* run, bool onlyLast)
    {
        for (nint i = 0; i < run->Windows * run->Channels; i++)
        {
            nint start = (i / run->Channels * run->WindowStride) + (i % run->Channels);
            bool given = false;
            for (nint tap = (run->Rows * run->Columns) - 1; tap >= 0; tap--)
            {
                nint at = start + (tap / run->Columns * run->RowStride) + (tap % run->Columns * run->ColumnStride);
                bool gets = (x[at] == y[i] || float.IsNaN(x[at])) && !(onlyLast && given);
                given |= gets;
                dx[at] = (run->Disjoint ? 0f : dx[at]) + (gets ? dy[i] : 0f);
            }
        }
    }
}

using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class KernelTallyTests
{
    [Fact]
    public void The_worst_case_and_all_failures_are_reported()
    {
        var tally = new KernelTally("Gemm", "F32Gemm1x1Scalar", IsaLevel.Scalar);
        tally.Add("first", new ErrorMeasure(0.25, 4, 1, 1, 1));
        Assert.True(tally.ToReport().Holds);
        tally.Add("second", new ErrorMeasure(3, 2, 1, 1, 1));
        tally.Add("third", new ErrorMeasure(2, 1, 1, 1, 1));
        tally.Add("fourth", new ErrorMeasure(0, 0, 1, 1, 1));
        KernelReport report = tally.ToReport();
        Assert.False(report.Holds);
        Assert.Equal(4, report.Cases);
        Assert.Equal(3, report.WorstError);
        Assert.StartsWith("second: element 2", report.WorstCase);
        Assert.Equal(2, report.Failures.Count);
        Assert.StartsWith("Gemm F32Gemm1x1Scalar: 2 of 4 cases failed:", report.ToString());
    }

    [Fact]
    public void A_case_that_threw_is_an_infinite_error()
    {
        var tally = new KernelTally("Gemm", "F32Gemm1x1Scalar", IsaLevel.Scalar);
        tally.Fail("first", "wrote 3 bytes before its output");
        KernelReport report = tally.ToReport();
        Assert.False(report.Holds);
        Assert.Equal(double.PositiveInfinity, report.WorstError);
        Assert.Equal(["first: wrote 3 bytes before its output"], report.Failures);
    }

    [Fact]
    public void A_sweep_without_cases_does_not_hold() =>
        Assert.False(new KernelTally("Gemm", "F32Gemm1x1Scalar", IsaLevel.Scalar).ToReport().Holds);
}

using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

public sealed class KernelSweepTests
{
    public static TheoryData<string> Families => [.. KernelSweeps.All.Select(sweep => sweep.Family)];

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_kernel_stays_within_the_bound_of_the_reference(string family)
    {
        IKernelSweep sweep = KernelSweeps.All.Single(s => s.Family == family);
        KernelReport[] reports = [.. sweep.Run(SweepDepth.Full, TestContext.Current.CancellationToken)];
        Assert.NotEmpty(reports);
        Assert.All(reports, report => Assert.True(report.Holds, report.ToString()));
        foreach (KernelReport report in reports)
            TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
    }
}

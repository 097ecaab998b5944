using System.Diagnostics;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// Runs this whole suite again on the lower tiers, which the runtime's switches force on any processor. The switches are read when a
/// process starts, so each tier is a process of its own; it asserts the tier that it got, because a switch that no longer works
/// would test the wrong one silently.
/// </summary>
public sealed class IsaTierTests
{
    private const string ExpectedTier = "CNNFAST_TEST_EXPECT_ISA";

    [Fact]
    public void The_process_runs_on_the_tier_that_was_asked_for()
    {
        string? expected = Environment.GetEnvironmentVariable(ExpectedTier);
        Assert.SkipWhen(expected is null, "no tier was asked for: this is the default tier");
        Assert.Equal(expected, CpuInfo.Isa.ToString());
    }

    [Fact]
    public void The_tier_of_this_process_has_kernels()
    {
        Assert.Contains(KernelCatalog.Read(), entry => entry.Isa == CpuInfo.Isa && entry.Supported && entry.Chosen);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", IsaLevel.Avx2)]
    [InlineData("DOTNET_EnableAVX2", IsaLevel.V128)]
    [InlineData("DOTNET_EnableHWIntrinsic", IsaLevel.Scalar)]
    public async Task The_suite_passes_on_a_lower_tier(string turnedOff, IsaLevel tier)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(ExpectedTier) is not null, "this is such a process already");
        Assert.SkipUnless(CpuInfo.Allows(CpuInfo.Isa, tier), $"this processor is below {tier}");
        Assert.SkipWhen(tier == CpuInfo.Isa, "the default tier is this one");
        Assert.SkipWhen(tier == IsaLevel.V128 && CpuInfo.IsSupported(IsaLevel.Neon), "no switch turns NEON off and leaves 128-bit vectors");
        string assembly = typeof(IsaTierTests).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["exec", assembly, "--progress", "off"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[turnedOff] = "0";
        start.Environment[ExpectedTier] = tier.ToString();
        start.Environment.Remove("TESTINGPLATFORM_DOTNETTEST_EXECUTIONID");
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode} on {tier}:{Environment.NewLine}{output}{await errors}");
    }
}

using System.Text.Json;

namespace CnnFast.Cli.Tests;

/// <summary>What a newcomer types first, and what info says.</summary>
public sealed class FirstStepsTests(TrainedModel trained)
{
    [Fact]
    public void Without_arguments_the_help_is_shown()
    {
        CliResult bare = Cli.Run();
        bare.RequireDone();
        Assert.Equal("", bare.Error);
        Assert.Equal(Cli.Run("--help").Output, bare.Output);
    }

    [Fact]
    public void A_v_alone_gives_the_version()
    {
        CliResult result = Cli.Run("-v");
        result.RequireDone();
        Assert.Equal(Cli.Run("--version").Output, result.Output);
        Assert.Matches(@"^\d+\.\d+", result.Output);
    }

    [Fact]
    public void Passes_that_did_nothing_are_not_shown()
    {
        string text = Cli.Run("inspect", trained.Path, "--passes").Output;
        Assert.DoesNotContain("nothing to do", text, StringComparison.Ordinal);
        Assert.Contains("Pass FuseActivation: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_has_version_compilation_caches_peak_and_verdict()
    {
        string text = Cli.Run("info").Output;
        foreach (string part in (string[])["Version     cnnfast " + RunningProgram.Version, "JIT on .NET", "Caches      ",
            "GFLOP/s a core (", "Verdict     "])
            Assert.Contains(part, text, StringComparison.Ordinal);
        JsonElement json = Cli.Run("info", "--json").Json();
        Assert.Equal(RunningProgram.Version, json.GetProperty("version").GetString());
        Assert.InRange(json.GetProperty("peakGflopsPerCore").GetDouble(), 0.1, 10_000);
        Assert.NotEqual("", json.GetProperty("verdict").GetString());
    }

    [Fact]
    public void The_verdict_names_every_limit()
    {
        Assert.Equal("Everything is used: the kernels of Avx2 on 8 processors.",
            RunningProgram.Verdict(IsaLevel.Avx2, IsaLevel.Avx2, 8, 8, null));
        Assert.Equal("Everything is used: the kernels of V128 on 1 processor.",
            RunningProgram.Verdict(IsaLevel.V128, IsaLevel.V128, 1, 1, null));
        Assert.Equal("Slower than it could be: CNNFAST_ISA keeps it to V128, and Avx512 can run here; " +
            "it takes 2 of 8 processors by default.", RunningProgram.Verdict(IsaLevel.Avx512, IsaLevel.V128, 2, 8, null));
        Assert.Contains("see Notice", RunningProgram.Verdict(IsaLevel.V128, IsaLevel.V128, 8, 8, "built for less"),
            StringComparison.Ordinal);
    }
}

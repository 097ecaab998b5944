using System.Text.Json;
using CnnFast.Testing;

namespace CnnFast.Cli.Tests;

/// <summary>The commands that show what is: verify, inspect, info, help.</summary>
public sealed class ShowingTests(TrainedModel trained)
{
    [Fact]
    public void Verify_reports_every_kernel_that_can_run_here()
    {
        JsonElement json = Cli.Run("verify", "--quick", "--json").Json();
        Assert.True(json.GetProperty("holds").GetBoolean());
        JsonElement[] kernels = [.. json.GetProperty("kernels").EnumerateArray()];
        HashSet<string> names = [.. kernels.Select(kernel => kernel.GetProperty("kernel").GetString()!)];
        Assert.Superset(KernelCatalog.Read().Where(entry => entry.Supported).Select(entry => entry.Name).ToHashSet(), names);
        Assert.All(kernels, kernel =>
        {
            Assert.True(kernel.GetProperty("holds").GetBoolean());
            Assert.InRange(kernel.GetProperty("cases").GetInt32(), 1, int.MaxValue);
            Assert.InRange(kernel.GetProperty("worstError").GetDouble(), 0, 1);
            Assert.Empty(kernel.GetProperty("failures").EnumerateArray());
        });
    }

    [Fact]
    public void Inspect_shows_layers_shapes_parameters_and_metadata()
    {
        CliResult text = Cli.Run("inspect", trained.Path, "--format", "plain");
        Assert.True(text.Code == 0, text.ToString());
        Assert.All(trained.Model.Layers, layer => Assert.Contains($"{layer.Name} ({layer.Kind})", text.Output, StringComparison.Ordinal));
        foreach (string number in (string[])[$"Total: {trained.Model.ParameterCount:N0} parameters",
            $"{trained.Model.MultiplyAdds:N0} multiply"])
            Assert.Contains(number, text.Output, StringComparison.Ordinal);
        Assert.Contains("format_version: 1", text.Output, StringComparison.Ordinal);

        JsonElement json = Cli.Run("inspect", trained.Path, "--json").Json();
        Assert.Equal(trained.Model.ParameterCount, json.GetProperty("parameters").GetInt64());
        Assert.Equal(trained.Model.MultiplyAdds, json.GetProperty("multiplyAdds").GetInt64());
        Assert.Equal([28, 28, 1], json.GetProperty("inputs")[0].GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
        Assert.Equal(trained.Model.Layers.Select(layer => layer.Name),
            json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("name").GetString()));
        Assert.Equal(trained.Model.Parameters.Count, json.GetProperty("tensors").GetArrayLength());
        Assert.Contains("conv2d_1", json.GetProperty("metadata").GetProperty("architecture").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_shows_what_the_passes_did_and_where_everything_lies()
    {
        string text = Cli.Run("inspect", trained.Path, "--passes", "--batch", "3", "--format", "plain").Output;
        foreach (string part in (string[])["Pass FuseActivation", "Conv2D", "output 1", "Arena ", "batch 3"])
            Assert.Contains(part, text, StringComparison.Ordinal);

        JsonElement json = Cli.Run("inspect", trained.Path, "--passes", "--json").Json();
        JsonElement memory = json.GetProperty("memory");
        Assert.InRange(memory.GetProperty("arenaBytes").GetInt64(), memory.GetProperty("lowerBoundBytes").GetInt64(), long.MaxValue);
        Assert.All(json.GetProperty("steps").EnumerateArray(), step => Assert.NotEqual("", step.GetProperty("place").GetString()));
        Assert.NotEmpty(json.GetProperty("passes").EnumerateArray());
    }

    [Fact]
    public void Info_names_the_processor_the_tier_and_one_chosen_kernel_for_each_operation()
    {
        CliResult text = Cli.Run("info");
        Assert.True(text.Code == 0, text.ToString());
        Assert.Contains(CpuInfo.Name, text.Output, StringComparison.Ordinal);
        Assert.Contains($"Tier        {CpuInfo.Isa}", text.Output, StringComparison.Ordinal);

        JsonElement json = Cli.Run("info", "--json").Json();
        Assert.Equal(CpuInfo.DefaultThreads, json.GetProperty("threads").GetInt32());
        Assert.Contains("Scalar", json.GetProperty("supportedIsa").EnumerateArray().Select(level => level.GetString()));
        Assert.Equal(
            KernelCatalog.Read().Where(entry => entry.Chosen).Select(entry => entry.Name),
            json.GetProperty("kernels")
                .EnumerateArray()
                .Where(kernel => kernel.GetProperty("chosen").GetBoolean())
                .Select(kernel => kernel.GetProperty("kernel").GetString()));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("visualize")]
    [InlineData("run")]
    [InlineData("bench")]
    [InlineData("verify")]
    [InlineData("gradcheck")]
    [InlineData("inspect")]
    [InlineData("convert")]
    [InlineData("compare")]
    [InlineData("info")]
    public void Every_command_has_help_with_a_description_its_options_and_examples(string command)
    {
        CliResult result = Cli.Run(command, "--help");
        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal("", result.Error);
        foreach (string part in (string[])["Description:", "Usage:", "  cnnfast " + command, "--json", "Examples:"])
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
        Assert.True(result.Output.Split("Examples:")[1].Split("cnnfast " + command).Length > 2, "at least two examples:\n" + result.Output);
        Assert.Contains(command, Cli.Run("--help").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_gives_the_defaults()
    {
        string help = InOneLine(Cli.Run("train", "--help").Output);
        foreach (string part in (string[])["[default: digits]", "[default: 0]", "[default: the model's recipe]", "exit code 1",
            "to the same bits"])
            Assert.Contains(part, help, StringComparison.Ordinal);
        Assert.Contains("0 done; 1 the job failed", InOneLine(Cli.Run("--help").Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("visualize")]
    [InlineData("run")]
    [InlineData("bench")]
    [InlineData("inspect")]
    [InlineData("convert")]
    [InlineData("compare")]
    [InlineData("verify")]
    [InlineData("info")]
    public void Help_fits_a_terminal(params string[] command)
    {
        string help = Cli.Run([.. command, "--help"]).Output;
        Assert.All(help.ReplaceLineEndings("\n").Split('\n'), line => Assert.True(line.Length <= 80, $"{line.Length} characters: {line}"));
    }

    private static string InOneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

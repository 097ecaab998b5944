namespace CnnFast.Cli.Tests;

/// <summary>What only a process of its own can show: exit codes, streams and signals.</summary>
public sealed class ProcessTests
{
    [Fact]
    public void Bad_usage_ends_with_2_one_sentence_and_no_stack_trace()
    {
        using var folder = new TemporaryFolder();
        using var process = new ChildProcess(folder.Path, "train", "--batch-size", "0");
        process.Wait().RequireBadInput("--batch-size is '0'");
    }

    [Fact]
    public void The_default_file_stands_in_the_current_folder_and_JSON_is_alone_on_standard_output()
    {
        using var folder = new TemporaryFolder();
        SmallData.Write(folder);
        using var process = new ChildProcess(folder.Path, "train", "--data", ".", "--model", "tutorial", "--json");
        CliResult result = process.Wait();
        string? path = result.Json().GetProperty("out").GetString();
        Assert.True(Path.IsPathFullyQualified(path!), path);
        Assert.True(File.Exists(folder.File("tutorial.safetensors")), result.ToString());
        Assert.Contains("Training tutorial", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChildProcess.SigInt)]
    [InlineData(ChildProcess.SigTerm)]
    public void A_training_that_is_told_to_stop_saves_a_usable_model_and_ends_with_1(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder);
        string model = folder.File("m.safetensors");
        using var process = new ChildProcess(folder.Path, "train", "--data", data, "--epochs", "100000", "--out", model);
        process.WaitForError("Epoch 2/");
        process.Signal(signal);
        CliResult result = process.Wait();
        Assert.True(result.Code == 1, result.ToString());
        Assert.Contains($"the model as far as it is trained is saved in {model}", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run("evaluate", model, "--data", data).Code);
        Assert.Equal([model], Directory.GetFiles(folder.Path, "*m.safetensors*"));
    }

    [Fact]
    public void Another_command_that_is_told_to_stop_ends_with_1_and_a_sentence()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        using var folder = new TemporaryFolder();
        using var process = new ChildProcess(folder.Path, "verify", "--json");
        process.WaitForError("kernels hold");
        process.Signal(ChildProcess.SigInt);
        CliResult result = process.Wait();
        Assert.True(result.Code == 1, result.ToString());
        Assert.Equal("", result.Output);
        Assert.Contains("Stopped before the end", result.Error, StringComparison.Ordinal);
    }
}

namespace CnnFast.Samples.Tests;

public sealed class SampleCommandTests
{
    [Theory]
    [InlineData]
    [InlineData("--help")]
    public void Help_lists_every_sample(params string[] args)
    {
        (int exitCode, string output, string error) = Run(args);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(["regression", "multi-label", "segmentation", "transfer", "own-step"], SampleCommand.Names);
        Assert.All(SampleCommand.Names, name => Assert.Contains($"\n  {name} ", output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("There is no sample 'nonsense'; expected one of regression, multi-label, ", "nonsense")]
    [InlineData("'--seed x' is no option of regression; expected --seed N.", "regression", "--seed", "x")]
    [InlineData("'--seed' is no option of transfer; expected --seed N or --body FILE.", "transfer", "--seed")]
    [InlineData("'--body a.onnx' is no option of own-step; ", "own-step", "--body", "a.onnx")]
    [InlineData("There is no file 'none.onnx'; ", "transfer", "--body", "none.onnx")]
    public void Bad_usage_is_one_sentence(string sentence, params string[] args)
    {
        (int exitCode, _, string error) = Run(args);
        Assert.Equal(2, exitCode);
        Assert.StartsWith(sentence, error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
    }

    private static (int ExitCode, string Output, string Error) Run(string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int exitCode = SampleCommand.Run(args, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}

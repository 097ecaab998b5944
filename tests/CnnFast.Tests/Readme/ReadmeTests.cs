using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Tests;

/// <summary>Changes the current directory and the console, so no other test runs beside it.</summary>
[CollectionDefinition(nameof(ReadmeTests), DisableParallelization = true)]
[Collection(nameof(ReadmeTests))]
public sealed class ReadmeTests
{
    [Fact]
    public void The_example_in_the_README_is_the_one_that_is_compiled_here()
    {
        string[] shown = DocumentedCode.Blocks(DocumentedCode.Read("README.md")).First();
        string source = DocumentedCode.Read("tests", "CnnFast.Tests", "Readme", "ReadmeExample.cs");
        string[] compiled = [.. DocumentedCode.Usings(source), .. DocumentedCode.Examples(source).Single()];
        Assert.Equal(compiled, shown);
        Assert.True(shown.Length <= 15, $"the example has {shown.Length} lines, expected at most 15");
    }

    [Fact]
    public void The_example_in_the_README_trains_and_reads_a_digit()
    {
        using var folder = new TemporaryFolder();
        string before = Environment.CurrentDirectory;
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        try
        {
            Environment.CurrentDirectory = folder.FullPath;
            Console.SetOut(output);
            ReadmeExample.Run();
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
        }

        TrainTestDatasets digits = DigitDataset.LoadEmbedded();
        int label = digits.Test.GetLabel(0);
        Assert.Equal($"a {label}, read as {label}", output.ToString().Trim());
        double? accuracy = Evaluator.Evaluate(Model.Load(folder["digits.safetensors"]), digits.Test,
            cancellationToken: TestContext.Current.CancellationToken).Accuracy;
        Assert.True(accuracy >= 0.95, $"the example's model has an accuracy of {accuracy:P1}, expected at least 95 %");
    }
}

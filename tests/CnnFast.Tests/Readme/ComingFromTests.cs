using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests;

/// <summary>Changes the current directory and the console, so no other test runs beside it.</summary>
[Collection(nameof(ReadmeTests))]
public sealed class ComingFromTests
{
    [Fact]
    public void The_programs_on_the_page_are_those_that_are_compiled_here()
    {
        string[][] shown = [.. DocumentedCode.Blocks(DocumentedCode.Read("docs", "coming-from.md"))];
        string source = DocumentedCode.Read("tests", "CnnFast.Tests", "Readme", "ComingFromExamples.cs");
        Assert.Equal([], shown.SelectMany(lines => lines).Where(DocumentedCode.IsUsing).Except(DocumentedCode.Usings(source)));
        Assert.Equal(DocumentedCode.Examples(source), shown.Select(lines => lines.Where(line => !DocumentedCode.IsUsing(line)).ToArray()));
    }

    [Fact]
    public void The_programs_on_the_page_run()
    {
        using var folder = new TemporaryFolder();
        string before = Environment.CurrentDirectory;
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        (ImageDataset train, ImageDataset test) = DigitDataset.LoadEmbedded();
        try
        {
            Environment.CurrentDirectory = folder.FullPath;
            Console.SetOut(output);
            Directory.CreateDirectory("mnist");
            Write(train.Take(1500), "train");
            Write(test.Take(300), "t10k");
            Assert.True(ComingFromExamples.Classifier() > 0.85);
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
        }

        Model model = new Sequential(new Flatten(), new Dense(10), new Softmax()).Build(train.ImageShape, seed: 1);
        ImageDataset some = train.Take(640);
        double loss = Evaluator.Evaluate(model, some).Loss;
        ComingFromExamples.Loop(model, some);
        Assert.True(Evaluator.Evaluate(model, some).Loss < loss);
        Assert.Equal(new Shape(10), ComingFromExamples.AsInPyTorch().OutputShape);
    }

    private static void Write(ImageDataset data, string part)
    {
        byte[] images = [.. Enumerable.Range(0, data.Count).SelectMany(i => data.GetImageBytes(i).ToArray())];
        byte[] labels = [.. Enumerable.Range(0, data.Count).Select(i => (byte)data.GetLabel(i))];
        File.WriteAllBytes(Path.Combine("mnist", $"{part}-images-idx3-ubyte"),
            Data.IdxBytes.Of(0x803, [(uint)data.Count, 28, 28], images));
        File.WriteAllBytes(Path.Combine("mnist", $"{part}-labels-idx1-ubyte"), Data.IdxBytes.Labels(labels));
    }
}

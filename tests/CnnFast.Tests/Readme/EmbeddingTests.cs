using CnnFast.Layers;
using CnnFast.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace CnnFast.Tests;

/// <summary>Changes the current directory and the console, so no other test runs beside it.</summary>
[Collection(nameof(ReadmeTests))]
public sealed class EmbeddingTests
{
    [Fact]
    public void The_examples_on_the_page_are_those_that_are_compiled_here()
    {
        string[][] shown = [.. DocumentedCode.Blocks(DocumentedCode.Read("docs", "embedding.md"))];
        string source = DocumentedCode.Read("tests", "CnnFast.Tests", "Readme", "EmbeddingExamples.cs");
        Assert.Equal([], shown.SelectMany(lines => lines).Where(DocumentedCode.IsUsing).Except(DocumentedCode.Usings(source)));
        Assert.Equal(DocumentedCode.Examples(source), shown.Select(lines => lines.Where(line => !DocumentedCode.IsUsing(line)).ToArray()));
    }

    [Fact]
    public async Task The_examples_on_the_page_run()
    {
        using var folder = new TemporaryFolder();
        string before = Environment.CurrentDirectory;
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        Model model = ModelZoo.LeNet5.Build();
        using var session = new InferenceSession(model);
        float[] image = new float[28 * 28], scores = new float[10];
        try
        {
            Environment.CurrentDirectory = folder.FullPath;
            Console.SetOut(output);
            model.Save("digits.safetensors");
            EmbeddingExamples.FirstRun();
            EmbeddingExamples.Bytes(model, new byte[28 * 28], scores);
            EmbeddingExamples.SeveralInputs();
            EmbeddingExamples.OtherSizes();
            EmbeddingExamples.Tensors(new Sequential(new Conv2D(4, 3, stride: 2), new Flatten(), new Dense(10))
                .Build(new Shape(32, 32, 3)));
            await EmbeddingExamples.Cancelled(session, image, scores);
            var x = new Input(new Shape(48, 192, 3), "x");
            OnnxModel.Export(Model.Build(x,
                    new Softmax().Apply(new Dense(2).Apply(new GlobalAveragePool2D().Apply(new Conv2D(4, 3, stride: 2).Apply(x))))),
                "classifier.onnx");
            EmbeddingExamples.Onnx();
            EmbeddingExamples.Export(model);
            EmbeddingExamples.Batches(model);
            EmbeddingExamples.WarmUp(session, image, scores);
            EmbeddingExamples.Services(new ServiceCollection());
            EmbeddingExamples.Metrics(session, image, scores);
            EmbeddingExamples.Profile(session, image, scores);
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
        }

        Assert.Contains("multiply-adds", output.ToString(), StringComparison.Ordinal);
    }
}

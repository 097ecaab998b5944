using CnnFast.Layers;
using CnnFast.Onnx;

namespace CnnFast.Samples.Tests;

/// <summary>
/// Every sample reaches a figure well clear of guessing with its own seed. A bound lies farther from the worst of the seeds 0 to 2 than
/// these lie from each other.
/// </summary>
public sealed class SampleTests(ITestOutputHelper log)
{
    private const ulong Seed = 0;

    [Fact]
    public void Regression_is_off_by_less_than_half_of_guessing()
    {
        RegressionSample.Result result = Run(output => RegressionSample.Run(output, Seed), epochs: 12);
        Assert.True(result.Error < 0.5 * result.GuessError, result.ToString());
        Assert.True(result is { Pixels: < 3, Degrees: < 20 }, result.ToString());
    }

    [Fact]
    public void Multi_label_finds_every_label_and_half_of_the_rare_ones()
    {
        MultiLabelSample.Result result = Run(output => MultiLabelSample.Run(output, Seed), epochs: 12);
        Assert.True(result.F1 > 0.75 && result.F1 > result.GuessF1 + 0.15, result.ToString());
        Assert.All(result.Recalls[..^1].Concat(result.Precisions[..^1]), part => Assert.InRange(part, 0.75, 1));
        Assert.InRange(result.Recalls[^1], 0.5, 1);
        Assert.InRange(result.Precisions[^1], 0.3, 1);
    }

    [Fact]
    public void Segmentation_tells_discs_from_crosses()
    {
        SegmentationSample.Result result = Run(output => SegmentationSample.Run(output, Seed), epochs: 8);
        Assert.True(result.MeanIoU > 0.75 && result.GuessIoU < 0.35, result.ToString());
    }

    [Fact]
    public void Transfer_knows_new_shapes_after_few_pictures()
    {
        TransferSample.Result result = Run(output => TransferSample.Run(output, Seed), epochs: 70);
        Assert.True(result is { HeadAccuracy: > 0.5, Accuracy: > 0.6 }, result.ToString());
        Assert.Equal(result.Accuracy, result.ServedAccuracy, 0.01);
    }

    [Fact]
    public void Own_step_learns_and_looks_at_the_shape()
    {
        OwnStepSample.Result result = Run(output => OwnStepSample.Run(output, Seed), epochs: 10);
        Assert.True(result.Accuracy > 0.75, result.ToString());
        Assert.True(result.SaliencyInCell > 2 * result.CellShare, result.ToString());
    }

    [Theory]
    [InlineData("body.safetensors")]
    [InlineData("body.onnx")]
    public void Transfer_takes_a_file(string name)
    {
        string folder = Directory.CreateTempSubdirectory("cnnfast-").FullName;
        try
        {
            string file = Path.Combine(folder, name);
            Model model = new Sequential(
                new Conv2D(8, 3, stride: 2, useBias: false), new BatchNormalization(), new ReLU(),
                new Conv2D(16, 3, stride: 2, activation: Activation.ReLU), new Flatten(), new Dense(7), new Softmax())
                .Build(new Shape(24, 20, 3), seed: 1);
            if (OnnxModel.IsOnnx(file))
                OnnxModel.Export(model, file);
            else
                model.Save(file);
            TransferSample.Result result = Run(output => TransferSample.Run(output, Seed, file), epochs: 60);
            Assert.Equal(result.Accuracy, result.ServedAccuracy, 0.01);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private T Run<T>(Func<TextWriter, T> sample, int epochs)
    {
        using var output = new StringWriter { NewLine = "\n" };
        T result = sample(output);
        string text = output.ToString();
        log.WriteLine(text);
        Assert.Equal(epochs, text.Split('\n').Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Contains("\ntest: ", text, StringComparison.Ordinal);
        return result;
    }
}

using System.Text.Json;
using CnnFast.Files;
using CnnFast.Layers;

namespace CnnFast.Cli.Tests;

/// <summary>The commands that hold models against references: gradcheck, and verify of a model.</summary>
public sealed class CheckTests
{
    [Fact]
    public void Gradcheck_reports_every_tensor()
    {
        using var folder = new TemporaryFolder();
        (string path, Model model) = Small(folder);
        JsonElement json = Cli.Run("gradcheck", path, "--samples", "3", "--seed", "2", "--batch", "4", "--json").Json();
        Assert.True(json.GetProperty("holds").GetBoolean());
        Assert.Equal("SoftmaxCrossEntropy", json.GetProperty("loss").GetString());
        JsonElement[] tensors = [.. json.GetProperty("tensors").EnumerateArray()];
        Assert.Superset(model.Parameters.Select(parameter => parameter.Name).ToHashSet(),
            tensors.Select(tensor => tensor.GetProperty("name").GetString()!).ToHashSet());
        JsonElement filter = tensors.Single(tensor => tensor.GetProperty("name").GetString() == "stem.filter");
        Assert.Equal(3, filter.GetProperty("sampled").GetInt32());
        Assert.InRange(filter.GetProperty("gradient").GetProperty("ratio").GetDouble(), 0, 1);
        Assert.InRange(filter.GetProperty("difference").GetProperty("ratio").GetDouble(), 0, 1);

        CliResult text = Cli.Run("gradcheck", path, "--algorithm", "direct");
        Assert.Equal(0, text.Code);
        Assert.Contains("stem.filter", text.Output, StringComparison.Ordinal);
        Assert.Contains("All gradients of SoftmaxCrossEntropy hold", text.Output, StringComparison.Ordinal);
        Assert.Equal(0, Cli.RunOnTerminal("gradcheck", path, "--samples", "0").Code);
    }

    [Fact]
    public void Gradcheck_takes_architectures_presets_and_onnx_files()
    {
        using var folder = new TemporaryFolder();
        (string path, _) = Small(folder);
        string onnx = folder.File("small.onnx");
        Cli.Run("convert", path, onnx);
        Assert.True(Cli.Run("gradcheck", onnx, "--samples", "1", "--json").Json().GetProperty("holds").GetBoolean());
        foreach (string name in (string[])["zoo:lenet5", "tutorial"])
            Assert.True(Cli.Run("gradcheck", name, "--samples", "0", "--batch", "1", "--json").Json().GetProperty("holds").GetBoolean());
    }

    [Fact]
    public void Verify_reports_every_node_of_a_model()
    {
        using var folder = new TemporaryFolder();
        (string path, _) = Small(folder);
        JsonElement json = Cli.Run("verify", path, "--batch", "3", "--json").Json();
        Assert.True(json.GetProperty("holds").GetBoolean());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("firstDeparture").ValueKind);
        Assert.Empty(json.GetProperty("withoutReference").EnumerateArray());
        Assert.Contains("stem", json.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("name").GetString()));
        Assert.All(json.GetProperty("nodes").EnumerateArray(),
            node => Assert.InRange(node.GetProperty("error").GetProperty("ratio").GetDouble(), 0, 1));
        Assert.InRange(json.GetProperty("outputs")[0].GetProperty("drift").GetDouble(), 0, 1e-3);

        NpyFile.Write(folder.File("x.npy"), new Shape(2, 7, 6, 2), new float[168]);
        CliResult text = Cli.Run("verify", path, "--input", folder.File("x.npy"));
        Assert.Equal(0, text.Code);
        Assert.Contains("All 6 nodes that have a reference are within their bounds.", text.Output, StringComparison.Ordinal);

        string onnx = folder.File("small.onnx");
        Cli.Run("convert", path, onnx);
        Assert.True(Cli.Run("verify", onnx, "--json").Json().GetProperty("holds").GetBoolean());
    }

    [Fact]
    public void What_does_not_fit_is_bad_input()
    {
        using var folder = new TemporaryFolder();
        (string path, _) = Small(folder);
        NpyFile.Write(folder.File("x.npy"), new Shape(2, 6, 6, 2), new float[144]);
        Cli.Run("verify", path, "--input", folder.File("x.npy")).RequireBadInput("x.npy' has the shape", "[7, 6, 2]");
        Cli.Run("verify", path, "--quick").RequireBadInput("--quick is of the kernels");
        Cli.Run("verify", "--batch", "2").RequireBadInput("--batch is of a model");
        Cli.Run("gradcheck", "zoo:nothing").RequireBadInput("zoo:nothing");
        Cli.Run("gradcheck", folder.File("none.safetensors")).RequireBadInput("none.safetensors");
        Cli.Run("gradcheck", path, "--shape", "1x2").RequireBadInput("--shape");
        Cli.Run("gradcheck", path, "--batch", "0").RequireBadInput("--batch is '0'");
    }

    private static (string Path, Model Model) Small(TemporaryFolder folder)
    {
        Model model = new Sequential(
            new Conv2D(4, 3, padding: Padding.Same, activation: Activation.ReLU, name: "stem"),
            new BatchNormalization(),
            new MaxPool2D(2),
            new Flatten(),
            new Dropout(0.25f),
            new Dense(5, Activation.SiLU),
            new Dense(3),
            new Softmax()).Build(new Shape(7, 6, 2), seed: 4);
        string path = folder.File("small.safetensors");
        model.Save(path);
        return (path, model);
    }

    [Fact]
    public void A_real_model_whose_bound_leaves_double_is_judged_layer_by_layer()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Models", "ppocr_cls.onnx");
        JsonElement json = Cli.Run("verify", path, "--shape", "1x3x48x32", "--json").Json();
        Assert.True(json.GetProperty("holds").GetBoolean());
        Assert.All(json.GetProperty("nodes").EnumerateArray(), node => Assert.Equal(1, node.GetProperty("outputShape")[0].GetInt32()));
    }
}

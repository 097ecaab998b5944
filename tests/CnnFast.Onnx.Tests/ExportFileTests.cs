using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Onnx.Export;
using CnnFast.Onnx.Proto;
using CnnFast.Tests;
using CnnFast.Tests.Models;

namespace CnnFast.Onnx.Tests;

/// <summary>What the file says: names, shapes, layout, and what happens when it cannot be written.</summary>
public sealed class ExportFileTests
{
    [Fact]
    public void The_file_equals_the_stream_and_replaces_what_was_there()
    {
        using var folder = new TemporaryFolder();
        Model model = TestModels.Build("branches");
        string path = folder.Write("model.onnx", [1, 2, 3]);
        OnnxModel.Export(model, path);
        using var stream = new MemoryStream();
        OnnxModel.Export(model, stream);
        Assert.Equal(stream.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.FullPath));
    }

    [Fact]
    public void Names_and_shapes_are_those_of_the_model()
    {
        ModelProto proto = Proto(TestModels.Build("chain"));
        Assert.Equal(8, proto.IrVersion);
        Assert.Equal(17, Assert.Single(proto.OpsetImport).Version);
        Assert.Equal("chain", proto.Graph.Name);
        Assert.Equal("input [N, 2, 8, 10]", Describe(Assert.Single(proto.Graph.Input)));
        Assert.Equal("softmax_1 [N, 4]", Describe(Assert.Single(proto.Graph.Output)));
        Assert.Equal(["Conv", "Relu", "MaxPool", "Conv", "Relu", "Flatten", "Gemm", "Relu", "Gemm", "Softmax"],
            proto.Graph.Node.Select(node => node.OpType));
        Assert.Equal([5, 2, 3, 3], proto.Graph.Initializer.Single(t => t.Name == "conv2d_1.filter").Dims);
    }

    [Fact]
    public void A_channels_last_model_is_transposed_at_its_ends_alone()
    {
        var options = new OnnxExportOptions { Layout = OnnxLayout.Nhwc };
        Model model = new Sequential(new Conv2D(4, 3), new ReLU(), new Dropout(0.5f), new MaxPool2D(2, name: "last"))
            .Build(new Shape(9, 8, 2), seed: 1);
        ModelProto proto = Proto(model, options);
        Assert.Equal("input [N, 9, 8, 2]", Describe(Assert.Single(proto.Graph.Input)));
        Assert.Equal("last [N, 3, 3, 4]", Describe(Assert.Single(proto.Graph.Output)));
        Assert.Equal(["Transpose", "Conv", "Relu", "MaxPool", "Transpose"], proto.Graph.Node.Select(node => node.OpType));
        Assert.Equal(["Relu"], Proto(new Sequential(new ReLU()).Build(new Shape(9, 8, 2)), options).Graph.Node.Select(node => node.OpType));
    }

    [Fact]
    public void Layers_named_like_tensors_of_other_layers_keep_their_names()
    {
        Model model = new Sequential(new Conv2D(3, 2, activation: Activation.ReLU, name: "a"), new ReLU("a/Conv"), new ReLU("a.filter"))
            .Build(new Shape(5, 5, 2), seed: 1);
        GraphProto graph = Proto(model).Graph;
        string[] names = [.. graph.Node.SelectMany(node => node.Output), .. graph.Initializer.Select(t => t.Name),
            .. graph.Input.Select(i => i.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Superset(new HashSet<string> { "a", "a/Conv", "a.filter" }, graph.Node.SelectMany(node => node.Output).ToHashSet());
        OnnxCheck.Holds("names", model);
    }

    [Fact]
    public void The_normalisation_goes_with_the_model()
    {
        Model model = TestModels.Build("dense");
        Assert.Contains(Proto(model).MetadataProps, entry => entry.Key == "normalization.scale" && entry.Value.Length > 0);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    public void An_opset_out_of_range_is_refused(int opset)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() =>
            Proto(TestModels.Build("dense"), new OnnxExportOptions { Opset = opset }));
        Assert.StartsWith($"OnnxModel.Export: Opset is {opset}; expected 17 to 23.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_without_an_onnx_form_is_named_and_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.onnx", [1, 2, 3]);
        var refused = Assert.Throws<NotSupportedException>(() => OnnxModel.Export(WithUnknownLayer(), path));
        Assert.Equal("OnnxModel.Export: Strange 'odd': layers of the kind Strange have no ONNX form here; nothing was written.",
            refused.Message);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Nothing_is_no_model_and_no_place()
    {
        Model model = TestModels.Build("dense");
        Assert.Throws<ArgumentNullException>(() => OnnxModel.Export(null!, "x.onnx"));
        Assert.Throws<ArgumentNullException>(() => OnnxModel.Export(model, (Stream)null!));
        Assert.Throws<ArgumentException>(() => OnnxModel.Export(model, ""));
        Assert.Throws<DirectoryNotFoundException>(() =>
            OnnxModel.Export(model, Path.Combine(Path.GetTempPath(), "no-such-folder-of-cnnfast", "x.onnx")));
    }

    private static ModelProto Proto(Model model, OnnxExportOptions? options = null) =>
        ModelExport.Create(model, options ?? new OnnxExportOptions());

    private static string Describe(ValueInfoProto value) =>
        $"{value.Name} " +
        $"[{string.Join(", ", value.Type.TensorType.Shape.Dim.Select(d => d.DimParam.Length > 0 ? d.DimParam : $"{d.DimValue}"))}]";

    private static Model WithUnknownLayer()
    {
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.AddInput(new Shape(4));
        ValueInfo y = builder.Add(new StrangeOperation(), [x], "odd");
        return new Model(builder.Build([y], (_, _, _) => { }), null);
    }
}

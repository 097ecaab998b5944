using CnnFast.Layers;
using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests;

/// <summary>What the sentences name: the file, the node and its operator, inputs by name.</summary>
public sealed class SentenceTests
{
    [Fact]
    public void What_is_not_supported_names_the_file()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path,
            Build(new NodeProto { Name = "n", OpType = "Frobnicate", Input = { "x" }, Output = { "y" } }, [1, 2, 4, 4]));
        try
        {
            NotSupportedException e = Assert.Throws<NotSupportedException>(() => OnnxModel.Load(path));
            Assert.StartsWith($"'{path}': node 'n' (Frobnicate): ", e.Message, StringComparison.Ordinal);
            DataFormatException model = Assert.Throws<DataFormatException>(() => Model.Load(path));
            Assert.Contains("is an ONNX model", model.Message, StringComparison.Ordinal);
            Assert.Contains("OnnxModel.Load", model.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_misfit_names_the_operator_of_the_file_alone()
    {
        var node = new NodeProto { Name = "pool", OpType = "MaxPool", Input = { "x" }, Output = { "y" } };
        node.Attribute.Add(new AttributeProto { Name = "kernel_shape", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 9, 9 } });
        DataFormatException e = Assert.Throws<DataFormatException>(() => OnnxModel.Load(Build(node, [1, 2, 4, 4])));
        Assert.Contains("node 'pool' (MaxPool): ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Pool2D", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_depends_on_the_data_is_named_with_its_role()
    {
        var node = new NodeProto { Name = "turn", OpType = "Reshape", Input = { "x", "wanted" }, Output = { "y" } };
        var length = new NodeProto { OpType = "Cast", Input = { "x" }, Output = { "wanted" } };
        length.Attribute.Add(
            new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)TensorProto.Types.DataType.Int64 });
        NotSupportedException e = Assert.ThrowsAny<NotSupportedException>(() => OnnxModel.Load(Build(node, [5000], length)));
        Assert.Contains("node 'turn' (Reshape): the input shape ('wanted') depends on the data", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_no_input_is_answered_with_those_that_are()
    {
        OnnxModel onnx = OnnxModel.Load(Build(new NodeProto { OpType = "Relu", Input = { "x" }, Output = { "y" } }, [1, 2]));
        OnnxTensor tensor = OnnxTensor.Create([1f, 2f], 1, 2);
        ArgumentException e = Assert.Throws<ArgumentException>(() => onnx.Run(new Dictionary<string, OnnxTensor> { ["X"] = tensor }));
        Assert.Equal("OnnxModel.Run: there is no input 'X'; the model has 'x' (upper and lower case count).", e.Message);
        e = Assert.Throws<ArgumentException>(() => onnx.Run(new Dictionary<string, OnnxTensor>()));
        Assert.Equal("OnnxModel.Run: the input 'x' is missing; the model has 'x'.", e.Message);
    }

    [Fact]
    public void Dimensions_that_are_open_are_asked_for_in_the_words_of_a_caller()
    {
        OnnxModel onnx = OnnxModel.Load(Build(new NodeProto { OpType = "GlobalMaxPool", Input = { "x" }, Output = { "y" } },
            [-1, 3, -1, -1]));
        string message = Assert.Throws<ArgumentException>(() => onnx.ToModel()).Message;
        Assert.StartsWith("OnnxModel.ToModel: the file leaves dimensions of an input open (", message, StringComparison.Ordinal);
        Assert.EndsWith("; expected all of them, as in ToModel(new Dictionary<string, int[]> { [\"x\"] = [1, 3, 224, 224] }).", message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OnnxLayout.Nchw, "[3, ?, ?], its dimensions as in the file")]
    [InlineData(OnnxLayout.Nhwc, "[?, ?, 3], its dimensions channels last")]
    public void A_shape_in_another_order_is_answered_with_that_of_the_session(OnnxLayout layout, string expected)
    {
        OnnxModel onnx = OnnxModel.Load(Build(new NodeProto { OpType = "GlobalMaxPool", Input = { "x" }, Output = { "y" } },
            [-1, 3, -1, -1]));
        using var session = new InferenceSession(onnx.ToModel(new Dictionary<string, int[]> { ["x"] = [1, 3, 8, 9] }, layout));
        ShapeException e = Assert.Throws<ShapeException>(() =>
            session.OutputShapeFor(layout == OnnxLayout.Nchw ? new Shape(6, 5, 3) : new Shape(3, 6, 5)));
        Assert.Contains($"the input 'x' is {expected}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_summary_gives_constants_no_batch()
    {
        var x = new Input(new Shape(4, 4, 2), "x");
        Assert.All(Model.Build(x, new Flatten().Apply(x)).Layers, layer => Assert.True(layer.HasBatch));
        var shift = new TensorProto
        {
            Name = "shift",
            DataType = (int)TensorProto.Types.DataType.Float,
            Dims = { 1, 2, 4, 4 },
            FloatData = { Enumerable.Repeat(1f, 32) },
        };
        var constant = new NodeProto { OpType = "Constant", Output = { "shift" } };
        constant.Attribute.Add(new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = shift });
        Model model = OnnxModel.Load(Build(new NodeProto { OpType = "Add", Input = { "x", "shift" }, Output = { "y" } }, [1, 2, 4, 4],
            constant)).ToModel();
        Assert.False(model.Layers.Single(layer => layer.Kind == "Constant").HasBatch);
        Assert.DoesNotContain("(N, 1, ", model.Summary(), StringComparison.Ordinal);
    }

    private static byte[] Build(NodeProto node, long[] dimensions, params NodeProto[] before)
    {
        ValueInfoProto Value(string name, bool isShaped)
        {
            var tensor = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float };
            if (isShaped)
            {
                tensor.Shape = new TensorShapeProto();
                foreach (long dimension in dimensions)
                    tensor.Shape.Dim.Add(dimension < 0
                        ? new TensorShapeProto.Types.Dimension()
                        : new TensorShapeProto.Types.Dimension { DimValue = dimension });
            }

            return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
        }

        var graph = new GraphProto { Name = "g", Node = { before }, Input = { Value("x", true) }, Output = { Value("y", false) } };
        graph.Node.Add(node);
        return new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 17 } } }.ToByteArray();
    }
}

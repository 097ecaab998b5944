using System.Diagnostics;
using CnnFast.Graphs;
using CnnFast.Onnx.Export;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests;

/// <summary>Operations that ONNX has in another form, or not at all.</summary>
public sealed class ExportedOperationTests
{
    [Theory]
    [InlineData(OnnxLayout.Nchw)]
    [InlineData(OnnxLayout.Nhwc)]
    public void A_modulo_of_floats_has_the_sign_of_the_divisor(OnnxLayout layout)
    {
        Model model = Build(new Shape(3, 5, 4), (builder, x) => builder.Add(new BinaryOperation(BinaryFunction.Modulo),
            [x, builder.Add(new UnaryOperation(UnaryFunction.Cosine), [x], "cosine")], "modulo"));
        Assert.Contains(model.Predict(Numbers(60)), y => y < 0);
        Assert.Contains(model.Predict(Numbers(60)), y => y > 0);
        ExportedNumbers.AreSame("modulo", model, new OnnxExportOptions { Layout = layout });
    }

    [Theory]
    [InlineData(OnnxLayout.Nchw)]
    [InlineData(OnnxLayout.Nhwc)]
    public void Computed_scales_and_shifts_of_channels_are_products_and_sums(OnnxLayout layout)
    {
        foreach (Shape shape in (Shape[])[new Shape(3, 5, 4), new Shape(4), new Shape(7, 4)])
        {
            Model model = Build(shape, (builder, x) =>
            {
                ValueInfo image = shape.Rank == 3 ? builder.Add(Conv2DOperationOf(4), [x], "conv") : x;
                ValueInfo scale = builder.Add(new UnaryOperation(UnaryFunction.Sine), [Constant(builder, "scale", 1, 2, 3, 4)], "sine");
                return builder.Add(new RuntimeWeightsOperation(new ChannelAffineOperation()),
                    [image, scale, Constant(builder, "shift", 4, -3, 2, 1)], "scaled");
            });
            ExportedNumbers.AreSame($"{shape}", model, new OnnxExportOptions { Layout = layout });
        }
    }

    [Fact]
    public void A_row_that_is_no_batch_is_normalised()
    {
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.AddInput(new Shape(4), "x", isWhole: true);
        ValueInfo y = builder.Add(new BatchNormalizationOperation(1e-3f, 0.9f, true, true), [x], "y");
        var model = new Model(builder.Build([y], (_, _, parameter) => parameter.Assign([1, 2, 3, 4])), null);
        using var file = new MemoryStream();
        OnnxModel.Export(model, file);
        float[] back = OnnxModel.Load(file.ToArray())
            .Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create<float>([1, -2, 3, 5], 4) })["y"]
            .Values<float>()
            .ToArray();
        float[] expected = model.Predict([1, -2, 3, 5]);
        for (int i = 0; i < 4; i++)
            Assert.Equal(expected[i], back[i], 1e-5f);
    }

    [Theory]
    [InlineData(OnnxLayout.Nchw)]
    [InlineData(OnnxLayout.Nhwc)]
    public void An_input_that_is_an_output_too_keeps_its_name(OnnxLayout layout)
    {
        ModelProto proto = Protos.Model(Protos.Node("Conv", ["x", "w"], ["y"]));
        proto.Graph.Input[0] = Protos.Value("x", 1, 3, 4, 5);
        proto.Graph.Output[0] = Protos.Value("y", 1, 2, 4, 5);
        proto.Graph.Output.Add(Protos.Value("x", 1, 3, 4, 5));
        proto.Graph.Initializer.Add(Protos.Raw("w", TensorProto.Types.DataType.Float, Numbers(6), 2, 3, 1, 1));
        OnnxModel onnx = OnnxModel.Load(proto.ToByteArray());
        using var file = new MemoryStream();
        OnnxModel.Export(onnx.ToModel(), file, new OnnxExportOptions { Layout = layout });
        using var session = OnnxRuntimeModel.Absent is null ? new Microsoft.ML.OnnxRuntime.InferenceSession(file.ToArray()) : null;
        Assert.Equal(["y", "x"], session?.OutputNames ?? ["y", "x"]);
        OnnxModel again = OnnxModel.Load(file.ToArray());
        float[] x = Numbers(60);
        IReadOnlyDictionary<string, OnnxTensor> expected = onnx.Run(Named(x, 1, 3, 4, 5));
        bool isLast = layout == OnnxLayout.Nhwc;
        IReadOnlyDictionary<string, OnnxTensor> actual = again.Run(isLast
            ? Named(ToChannelsLast(x, 3, 20), 1, 4, 5, 3)
            : Named(x, 1, 3, 4, 5));
        Assert.Equal(isLast ? ToChannelsLast(x, 3, 20) : x, actual["x"].Values<float>().ToArray());
        float[] y = expected["y"].Values<float>().ToArray();
        Assert.Equal(isLast ? ToChannelsLast(y, 2, 20) : y, actual["y"].Values<float>().ToArray());
    }

    [Fact]
    public void Slopes_that_are_larger_and_tables_of_indices_are_refused()
    {
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.AddInput(new Shape(1, 4), "x", isWhole: true);
        ValueInfo slope = builder.AddInput(new Shape(3, 4), "slope", isWhole: true);
        Assert.Contains("slope has shape [3, 4]",
            Assert.Throws<ShapeException>(() => builder.Add(new BinaryOperation(BinaryFunction.ParametricReLU), [x, slope], "y")).Message,
            StringComparison.Ordinal);
        ValueInfo four = builder.AddInput(new Shape(1, 2, 3, 4), "four", isWhole: true);
        ValueInfo indices = builder.AddInput(new Shape(2, 2), "indices", ElementType.Int64, isWhole: true);
        Assert.Throws<ShapeException>(() => builder.Add(new GatherOperation(), [four, indices], "picked"));

        ModelProto proto = Protos.Model(Protos.Node("PRelu", ["x", "w"], ["y"]));
        proto.Graph.Initializer.Add(Protos.Raw("w", TensorProto.Types.DataType.Float, Numbers(6), 3, 2));
        Assert.Contains("PRelu", Assert.Throws<DataFormatException>(() => OnnxModel.Load(proto.ToByteArray()).ToModel()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_of_many_nodes_is_written_in_a_moment()
    {
        const int Nodes = 20_000;
        Model model = Build(new Shape(2, 2, 3), (builder, x) => Enumerable.Range(0, Nodes)
            .Aggregate(x, (value, i) => builder.Add(new UnaryOperation(UnaryFunction.Sine), [value], $"sine{i}")));
        var clock = Stopwatch.StartNew();
        Assert.InRange(ModelExport.Create(model, new OnnxExportOptions()).Graph.Node.Count, Nodes, Nodes + 2);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }

    private static Conv2DOperation Conv2DOperationOf(int filters) =>
        (Conv2DOperation)new Sequential(new Layers.Conv2D(filters, 1)).Build(new Shape(3, 5, 4)).Graph.Nodes[0].Operation;

    private static ValueInfo Constant(GraphBuilder builder, string name, params float[] values) =>
        builder.Add(new ConstantOperation(ElementType.Float32, new Shape(values.Length), values), [], name);

    private static Model Build(Shape input, Func<GraphBuilder, ValueInfo, ValueInfo> nodes)
    {
        var builder = new GraphBuilder([]);
        ValueInfo output = nodes(builder, builder.AddInput(input, "x"));
        return new Model(builder.Build([output], (i, _, parameter) => parameter.Assign(Numbers(parameter.Shape.ElementCount))), null);
    }

    private static float[] Numbers(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => (4 * random.NextSingle()) - 2)];
    }

    private static Dictionary<string, OnnxTensor> Named(float[] x, params ReadOnlySpan<int> dimensions) =>
        new() { ["x"] = OnnxTensor.Create(x, dimensions) };

    private static float[] ToChannelsLast(float[] planes, int channels, int pixels) =>
        [.. Enumerable.Range(0, planes.Length).Select(i => planes[(i % channels * pixels) + (i / channels)])];
}

using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using Google.Protobuf;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Tests.Training;

/// <summary>An operator that imported models are trained through: which uses of it the documentation names, and one to try.</summary>
/// <param name="Name">The operator.</param>
/// <param name="Uses">Which uses have a gradient; empty for all.</param>
/// <param name="Example">Adds nodes that go from the images <c>a</c> [N, 4, 8, 6] to <c>b</c>, of whatever
/// shape, and their constants.</param>
internal sealed record TrainedOperator(string Name, string Uses, Action<GraphProto> Example)
{
    private const int Opset = 18;

    /// <summary>All of them; docs/onnx-support.md lists them.</summary>
    public static IReadOnlyList<TrainedOperator> All { get; } =
    [
        new("Conv", "constant weights", graph => Add(graph, "Conv", ["a", Floats(graph, 5, 4, 3, 3), Floats(graph, 5)])),
        new("ConvTranspose", "constant weights",
            graph => Add(graph, "ConvTranspose", ["a", Floats(graph, 4, 3, 2, 2)], Ints("strides", 2, 2))),
        new("Gemm", "constant weights", graph =>
        {
            Add(graph, "Flatten", ["a"], "rows");
            Add(graph, "Gemm", ["rows", Floats(graph, 192, 7), Floats(graph, 7)]);
        }),
        new("MatMul", "a constant matrix", graph =>
        {
            Add(graph, "Flatten", ["a"], "rows");
            Add(graph, "MatMul", ["rows", Floats(graph, 192, 7)], "product");
            Add(graph, "Add", [Floats(graph, 7), "product"]);
        }),
        Plain("Relu"),
        new("LeakyRelu", "", graph => Add(graph, "LeakyRelu", ["a"], Float("alpha", 0.1f))),
        new("Clip", "of numbers", graph => Add(graph, "Clip", ["a", Number(graph, -0.5f), Number(graph, 0.5f)])),
        Plain("Sigmoid"),
        Plain("Tanh"),
        Plain("HardSwish"),
        new("Softmax", "", graph => Add(graph, "Softmax", ["a"], Int("axis", 1))),
        new("BatchNormalization", "",
            graph => Add(graph, "BatchNormalization", ["a", Floats(graph, 4), Floats(graph, 4), Floats(graph, 4), Positive(graph, 4)])),
        new("MaxPool", "not its indices", graph => Add(graph, "MaxPool", ["a"], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2))),
        new("AveragePool", "not ceil_mode with count_include_pad",
            graph => Add(graph, "AveragePool", ["a"], Ints("kernel_shape", 2, 3), Ints("pads", 0, 1, 0, 1))),
        Plain("GlobalMaxPool"),
        Plain("GlobalAveragePool"),
        new("ReduceMean", "over height and width", graph => Add(graph, "ReduceMean", ["a", Constant(graph, [2L, 3], 2)])),
        new("Add", "of values of one shape, of a constant of one number or one a channel", graph =>
        {
            Add(graph, "Add", ["a", Floats(graph, 4, 1, 1)], "sum");
            Add(graph, "Add", ["sum", "a"]);
        }),
        new("Sub", "of a constant, or from one, of one number or one a channel", graph =>
        {
            Add(graph, "Sub", ["a", Floats(graph, 4, 1, 1)], "rest");
            Add(graph, "Sub", [Number(graph, 0.3f), "rest"]);
        }),
        new("Mul", "of values of one shape, of images and a number a channel, of a constant of one number or one a channel", graph =>
        {
            Add(graph, "Mul", ["a", Floats(graph, 4, 1, 1)], "scaled");
            Add(graph, "GlobalAveragePool", ["scaled"], "means");
            Add(graph, "Mul", ["a", "means"]);
        }),
        new("Div", "by a constant of one number or one a channel", graph => Add(graph, "Div", ["a", Positive(graph, 4, 1, 1)])),
        new("Resize", "images by whole factors, nearest with asymmetric coordinates or linear with half_pixel",
            graph => Add(graph, "Resize", ["a", "", Constant(graph, [1f, 1, 2, 2], 4)], Text("mode", "linear"))),
        new("Pad", "zeros around images", graph => Add(graph, "Pad", ["a", Constant(graph, [0L, 0, 1, 0, 0, 0, 2, 1], 8)])),
        new("Concat", "of channels", graph => Add(graph, "Concat", ["a", "a"], Int("axis", 1))),
        Plain("Flatten"),
        new("Reshape", "where memory stays as it is", graph => Add(graph, "Reshape", ["a", Constant(graph, [0L, -1], 2)])),
        new("Squeeze", "", graph =>
        {
            Add(graph, "GlobalAveragePool", ["a"], "means");
            Add(graph, "Squeeze", ["means", Constant(graph, [2L, 3], 2)]);
        }),
        new("Unsqueeze", "", graph => Add(graph, "Unsqueeze", ["a", Constant(graph, [4L], 1)])),
        new("Transpose", "where memory stays as it is: between channels first and channels last", graph =>
        {
            Add(graph, "Transpose", ["a"], "last", Ints("perm", 0, 2, 3, 1));
            Add(graph, "Transpose", ["last"], Ints("perm", 0, 3, 1, 2));
        }),
        Plain("Identity"),
        new("Dropout", "which is left out", graph => Add(graph, "Dropout", ["a"])),
    ];

    /// <summary>A classifier of images [N, 3, 8, 6] in four classes: a convolution, the operator, a dense layer.</summary>
    public byte[] Model()
    {
        var graph = new GraphProto { Name = "trained", Input = { Images() }, Output = { Rows() } };
        graph.Initializer.Add(Tensor("first", -1, 4, 3, 1, 1));
        graph.Node.Add(Protos.Node("Conv", ["x", "first"], ["a"]));
        Example(graph);
        Add(graph, "Flatten", ["b"], "flat");
        Add(graph, "MatMul", ["flat", Floats(graph, RowLength(graph), 4)], "y");
        return new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = Opset } }, Graph = graph }.ToByteArray();
    }

    public override string ToString() => Name;

    // What the operator gives, run on its own.
    private static int RowLength(GraphProto graph)
    {
        var part = new GraphProto(graph) { Output = { } };
        part.Output.Clear();
        part.Output.Add(new ValueInfoProto(graph.Output[0]) { Name = "flat" });
        OnnxModel model = OnnxModel.Load(
            new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = Opset } }, Graph = part }.ToByteArray());
        return model.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create(new float[3 * 8 * 6], 1, 3, 8, 6) })["flat"].Count;
    }

    private static TrainedOperator Plain(string name) => new(name, "", graph => Add(graph, name, ["a"]));

    private static void Add(GraphProto graph, string op, string[] inputs, params AttributeProto[] attributes) =>
        Add(graph, op, inputs, "b", attributes);

    private static void Add(GraphProto graph, string op, string[] inputs, string output, params AttributeProto[] attributes) =>
        graph.Node.Add(
            new NodeProto { OpType = op, Name = $"{op} {output}", Input = { inputs }, Output = { output }, Attribute = { attributes } });

    private static string Floats(GraphProto graph, params long[] dimensions) =>
        Put(graph, Tensor($"w{graph.Initializer.Count}", -1, dimensions));

    private static string Positive(GraphProto graph, params long[] dimensions) =>
        Put(graph, Tensor($"w{graph.Initializer.Count}", 1, dimensions));

    private static string Number(GraphProto graph, float number) => Constant(graph, [number]);

    private static string Constant<T>(GraphProto graph, T[] values, params long[] dimensions)
        where T : unmanaged => Put(graph,
            Protos.Raw($"w{graph.Initializer.Count}", typeof(T) == typeof(long) ? DataType.Int64 : DataType.Float, values, dimensions));

    private static string Put(GraphProto graph, TensorProto tensor)
    {
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private static TensorProto Tensor(string name, float lowest, params long[] dimensions)
    {
        var random = new Random(dimensions.Length);
        var values = new float[dimensions.Aggregate(1L, (count, dimension) => count * dimension)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (lowest + (random.NextSingle() * (2 - lowest))) * 0.3f;
        return Protos.Raw(name, DataType.Float, values, dimensions);
    }

    private static ValueInfoProto Images()
    {
        ValueInfoProto value = Protos.Value("x", -1, 3, 8, 6);
        value.Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = "n" };
        return value;
    }

    private static ValueInfoProto Rows()
    {
        ValueInfoProto value = Protos.Value("y", -1, 4);
        value.Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = "n" };
        return value;
    }

    private static AttributeProto Ints(string name, params long[] values) => Protos.Attribute(name, values);

    private static AttributeProto Int(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    private static AttributeProto Float(string name, float value) =>
        new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };
}

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
        [.. Layers(), .. Functions(), .. Arithmetic(), .. Normalizations(), .. Reductions(), .. Moves()];

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

    private static IEnumerable<TrainedOperator> Layers() =>
    [
        new("Conv", "", graph => Add(graph, "Conv", ["a", Floats(graph, 5, 4, 3, 3), Floats(graph, 5)])),
        new("ConvTranspose", "", graph => Add(graph, "ConvTranspose", ["a", Floats(graph, 4, 3, 2, 2)], Ints("strides", 2, 2))),
        new("Gemm", "", graph =>
        {
            Add(graph, "Flatten", ["a"], "rows");
            Add(graph, "Gemm", ["rows", Floats(graph, 192, 7), Floats(graph, 7)]);
        }),
        new("MatMul", "", graph =>
        {
            Add(graph, "Flatten", ["a"], "rows");
            Add(graph, "MatMul", ["rows", Floats(graph, 192, 7)], "product");
            Add(graph, "Add", [Floats(graph, 7), "product"], "sum");
            Add(graph, "Transpose", ["a"], "turned", Ints("perm", 0, 1, 3, 2));
            Add(graph, "MatMul", ["a", "turned"], "squares");
            Add(graph, "MatMul", ["squares", "a"], "cubes");
            Add(graph, "Flatten", ["cubes"], "flat cubes");
            Add(graph, "Concat", ["sum", "flat cubes"], Int("axis", 1));
        }),
        new("MaxPool", "not through its indices",
            graph => Add(graph, "MaxPool", ["a"], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2))),
        new("AveragePool", "",
            graph => Add(graph, "AveragePool", ["a"], Ints("kernel_shape", 2, 3), Ints("pads", 0, 1, 0, 1))),
        Plain("GlobalMaxPool"),
        Plain("GlobalAveragePool"),
        new("Dropout", "which is left out", graph => Add(graph, "Dropout", ["a"])),
    ];

    private static IEnumerable<TrainedOperator> Functions() =>
    [
        .. ((string[])["Relu", "Sigmoid", "Tanh", "HardSwish", "HardSigmoid", "Elu", "Selu", "Celu", "Softplus", "Softsign", "Mish", "Abs",
            "Neg", "Exp", "Sin", "Cos", "Atan", "Sinh", "Cosh", "Asinh", "Erf", "Shrink", "Identity"]).Select(name => Plain(name)),
        .. ((string[])["Sqrt", "Log", "Reciprocal", "Tan", "Asin", "Acos", "Atanh"]).Select(name => new TrainedOperator(name, "", graph =>
        {
            Add(graph, "Sigmoid", ["a"], "inner");
            Add(graph, name, ["inner"]);
        })),
        new("Acosh", "", graph =>
        {
            Add(graph, "Exp", ["a"], "inner");
            Add(graph, "Add", ["inner", Number(graph, 1.5f)], "larger");
            Add(graph, "Acosh", ["larger"]);
        }),
        new("LeakyRelu", "", graph => Add(graph, "LeakyRelu", ["a"], Float("alpha", 0.1f))),
        new("ThresholdedRelu", "", graph => Add(graph, "ThresholdedRelu", ["a"], Float("alpha", 0.1f))),
        new("PRelu", "", graph => Add(graph, "PRelu", ["a", Floats(graph, 4, 1, 1)])),
        new("Clip", "not by its bounds", graph => Add(graph, "Clip", ["a", Number(graph, -0.5f), Number(graph, 0.5f)])),
        new("Softmax", "", graph => Add(graph, "Softmax", ["a"], Int("axis", 1))),
        new("LogSoftmax", "", graph => Add(graph, "LogSoftmax", ["a"], Int("axis", 2))),
        new("Cast", "among floats; to float16 as if it did not round",
            graph => Add(graph, "Cast", ["a"], Int("to", (int)DataType.Float))),
    ];

    private static IEnumerable<TrainedOperator> Arithmetic() =>
    [
        new("Add", "", graph =>
        {
            Add(graph, "Add", ["a", Floats(graph, 4, 1, 1)], "sum");
            Add(graph, "Add", ["sum", Floats(graph, 8, 6)], "grid");
            Add(graph, "Add", ["grid", "a"]);
        }),
        new("Sub", "", graph =>
        {
            Add(graph, "Sub", ["a", Floats(graph, 4, 1, 1)], "rest");
            Add(graph, "Sub", [Number(graph, 0.3f), "rest"], "other");
            Add(graph, "Sub", ["other", Floats(graph, 4, 8, 1)]);
        }),
        new("Mul", "", graph =>
        {
            Add(graph, "Mul", ["a", Floats(graph, 4, 1, 1)], "scaled");
            Add(graph, "GlobalAveragePool", ["scaled"], "means");
            Add(graph, "Mul", ["a", "means"], "product");
            Add(graph, "Mul", [Floats(graph, 1, 8, 6), "product"]);
        }),
        new("Div", "", graph =>
        {
            Add(graph, "Div", ["a", Positive(graph, 4, 1, 1)], "quotient");
            Add(graph, "Exp", ["a"], "divisor");
            Add(graph, "Div", ["quotient", "divisor"]);
        }),
        new("Pow", "", graph =>
        {
            Add(graph, "Sigmoid", ["a"], "inner");
            Add(graph, "Pow", ["inner", Number(graph, 2.5f)], "power");
            Add(graph, "Pow", [Positive(graph, 4, 1, 1), "power"]);
        }),
        new("Mod", "of floats", graph => Add(graph, "Mod", ["a", Positive(graph, 4, 8, 6)], Int("fmod", 1))),
        new("Max", "equal ones get half each", graph => Add(graph, "Max", ["a", Floats(graph, 8, 6)])),
        new("Min", "equal ones get half each", graph => Add(graph, "Min", ["a", Floats(graph, 8, 6)])),
        new("Mean", "", graph => Add(graph, "Mean", ["a", Floats(graph, 8, 6), "a"])),
        new("Sum", "", graph => Add(graph, "Sum", ["a", Floats(graph, 8, 6), "a"])),
        new("Where", "", graph =>
        {
            Add(graph, "Greater", ["a", Number(graph, 0.2f)], "above");
            Add(graph, "Neg", ["a"], "negative");
            Add(graph, "Where", ["above", "a", "negative"]);
        }),
    ];

    private static IEnumerable<TrainedOperator> Normalizations() =>
    [
        new("BatchNormalization", "",
            graph => Add(graph, "BatchNormalization", ["a", Floats(graph, 4), Floats(graph, 4), Floats(graph, 4), Positive(graph, 4)])),
        new("InstanceNormalization", "scale and bias stay",
            graph => Add(graph, "InstanceNormalization", ["a", Floats(graph, 4), Floats(graph, 4)])),
        new("GroupNormalization", "scale and bias stay",
            graph => Add(graph, "GroupNormalization", ["a", Floats(graph, 2), Floats(graph, 2)], Int("num_groups", 2))),
        new("LayerNormalization", "scale and bias stay; not through its second and third output",
            graph => Add(graph, "LayerNormalization", ["a", Floats(graph, 6), Floats(graph, 6)])),
        new("MeanVarianceNormalization", "", graph => Add(graph, "MeanVarianceNormalization", ["a"], Ints("axes", 2, 3))),
        new("LRN", "", graph => Add(graph, "LRN", ["a"], Int("size", 3), Float("alpha", 0.5f))),
    ];

    private static IEnumerable<TrainedOperator> Reductions() =>
    [
        .. ((string[])["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare",
            "ReduceLogSum", "ReduceLogSumExp"]).Select(name => new TrainedOperator(
                name,
                name is "ReduceMax" or "ReduceMin" ? "equal ones get the same part" : "",
                graph =>
                {
                    Add(graph, "Sigmoid", ["a"], "inner");
                    Add(graph, name, ["inner", Constant(graph, [2L], 1)]);
                })),
        new("TopK", "not through its indices", graph => graph.Node.Add(new NodeProto
        {
            OpType = "TopK",
            Name = "top",
            Input = { "a", Constant(graph, [3L], 1) },
            Output = { "b", "places" },
        })),
    ];

    private static IEnumerable<TrainedOperator> Moves() =>
    [
        new("Resize", "", graph =>
        {
            Add(graph, "Resize", ["a", "", Constant(graph, [1f, 1, 2, 2], 4)], "large", Text("mode", "linear"));
            Add(graph, "Resize", ["large", "", "", Constant(graph, [1L, 4, 5, 7], 4)], Text("mode", "cubic"));
        }),
        new("Pad", "", graph =>
        {
            Add(graph, "Pad", ["a", Constant(graph, [0L, 0, 1, 0, 0, 0, 2, 1], 8)], "padded");
            Add(graph, "Pad", ["padded", Constant(graph, [0L, 0, 1, 1, 0, 0, 1, 1], 8)], Text("mode", "reflect"));
        }),
        new("Concat", "", graph =>
        {
            Add(graph, "Concat", ["a", "a"], "twice", Int("axis", 1));
            Add(graph, "Concat", ["twice", "twice"], Int("axis", 3));
        }),
        Plain("Flatten"),
        new("Reshape", "", graph => Add(graph, "Reshape", ["a", Constant(graph, [0L, -1], 2)])),
        new("Squeeze", "", graph =>
        {
            Add(graph, "GlobalAveragePool", ["a"], "means");
            Add(graph, "Squeeze", ["means", Constant(graph, [2L, 3], 2)]);
        }),
        new("Unsqueeze", "", graph => Add(graph, "Unsqueeze", ["a", Constant(graph, [4L], 1)])),
        new("Transpose", "", graph => Add(graph, "Transpose", ["a"], Ints("perm", 0, 2, 1, 3))),
        new("Slice", "", graph => Add(graph, "Slice",
            ["a", Constant(graph, [-2L, 5], 2), Constant(graph, [-9L, 0], 2), Constant(graph, [2L, 3], 2), Constant(graph, [-1L, -2], 2)])),
        new("Split", "", graph =>
        {
            graph.Node.Add(new NodeProto
            {
                OpType = "Split",
                Name = "split",
                Input = { "a", Constant(graph, [3L, 5], 2) },
                Output = { "upper", "lower" },
                Attribute = { Int("axis", 2) },
            });
            Add(graph, "Concat", ["lower", "upper"], Int("axis", 2));
        }),
        new("Expand", "", graph =>
        {
            Add(graph, "GlobalAveragePool", ["a"], "means");
            Add(graph, "Expand", ["means", Constant(graph, [1L, 4, 3, 2], 4)]);
        }),
        new("Tile", "", graph => Add(graph, "Tile", ["a", Constant(graph, [1L, 1, 2, 1], 4)])),
        new("Gather", "not by its indices", graph => Add(graph, "Gather", ["a", Constant(graph, [3L, 0, -1, 3], 4)], Int("axis", 1))),
        new("DepthToSpace", "", graph => Add(graph, "DepthToSpace", ["a"], Int("blocksize", 2))),
        new("SpaceToDepth", "", graph => Add(graph, "SpaceToDepth", ["a"], Int("blocksize", 2))),
    ];

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

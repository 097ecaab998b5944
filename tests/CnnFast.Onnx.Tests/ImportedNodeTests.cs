using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests;

/// <summary>Nodes of one image input in a session for any number of samples: each sample comes out as it does alone.</summary>
public sealed class ImportedNodeTests
{
    private const int Opset = 18;
    private const int Samples = 3;

    private static readonly Dictionary<string, Action<NodeProto, GraphProto>> s_nodes = new()
    {
        ["Resize nearest"] = (node, graph) => Resize(node, graph, [1, 1, 1.5f, 0.7f], Text("mode", "nearest")),
        ["Resize nearest by 2"] = (node, graph) => Resize(node, graph, [1, 1, 2, 2], Text("mode", "nearest")),
        ["Resize linear"] = (node, graph) => Resize(node, graph, [1, 1, 1.5f, 0.7f], Text("mode", "linear")),
        ["Resize linear by 2"] = (node, graph) => Resize(node, graph, [1, 1, 2, 3], Text("mode", "linear")),
        ["Resize cubic"] = (node, graph) => Resize(node, graph, [1, 1, 1.5f, 2.2f], Text("mode", "cubic")),
        ["Resize channels"] = (node, graph) => Resize(node, graph, [1, 2, 1, 1.5f], Text("mode", "linear")),
        ["Pad zeros"] = (node, graph) => Pad(node, graph, [0, 0, 1, 2, 0, 0, 2, 0]),
        ["Pad channels"] = (node, graph) => Pad(node, graph, [0, 1, 0, 0, 0, 2, 0, 0]),
        ["Pad reflect"] = (node, graph) => Pad(node, graph, [0, 0, 1, 2, 0, 0, 2, 1], Text("mode", "reflect")),
        ["Pad crops"] = (node, graph) => Pad(node, graph, [0, -1, 1, -2, 0, 0, -1, 1]),
        ["InstanceNormalization"] = (node, graph) => Numbers(node, graph, 6, 6),
        ["LayerNormalization"] = (node, graph) => Numbers(node, graph, 7, 7),
        ["GroupNormalization"] = (node, graph) =>
        {
            Numbers(node, graph, 2, 2);
            node.Attribute.Add(Number("num_groups", 2));
        },
        ["LRN"] = (node, _) => node.Attribute.Add(Number("size", 3)),
        ["MeanVarianceNormalization"] = (node, _) =>
            node.Attribute.Add(new AttributeProto { Name = "axes", Ints = { 2, 3 }, Type = AttributeProto.Types.AttributeType.Ints }),
    };

    public static TheoryData<string> Names() => [.. s_nodes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Samples_of_a_batch_come_out_as_alone(string name)
    {
        const int Length = 6 * 5 * 7;
        OnnxModel onnx = OnnxModel.Load(Build(name));
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, Samples * Length).Select(_ => random.NextSingle() - 0.3f)];
        float[] expected = [];
        for (int i = 0; i < Samples; i++)
        {
            OnnxTensor input = OnnxTensor.Create(x.AsSpan(i * Length, Length).ToArray(), 1, 6, 5, 7);
            expected = [.. expected, .. onnx.Run(new Dictionary<string, OnnxTensor> { ["x"] = input })["y"].Values<float>()];
        }

        Model model = onnx.ToModel(new Dictionary<string, int[]> { ["x"] = [1, 6, 5, 7] });
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = Samples });
        var y = new float[expected.Length];
        session.Run(x, y);
        Assert.Equal(expected, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run(x, y);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        float[] whole = onnx.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create(x, Samples, 6, 5, 7) })["y"]
            .Values<float>()
            .ToArray();
        Assert.Equal(expected, whole);
    }

    private static byte[] Build(string name)
    {
        var node = new NodeProto { OpType = name.Split(' ')[0], Name = name, Input = { "x" }, Output = { "y" } };
        var graph = new GraphProto { Name = "node", Node = { node }, Input = { Tensor("x") }, Output = { Tensor("y") } };
        s_nodes[name](node, graph);
        return new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = Opset } }, Graph = graph }.ToByteArray();
    }

    private static ValueInfoProto Tensor(string name)
    {
        var shape = new TensorShapeProto();
        for (int i = 0; i < 4; i++)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = $"{name}{i}" });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape },
            },
        };
    }

    private static void Resize(NodeProto node, GraphProto graph, float[] scales, AttributeProto mode)
    {
        node.Input.Add(["", "scales"]);
        node.Attribute.Add(mode);
        graph.Initializer.Add(new TensorProto
        {
            Name = "scales",
            DataType = (int)TensorProto.Types.DataType.Float,
            Dims = { scales.Length },
            FloatData = { scales },
        });
    }

    private static void Pad(NodeProto node, GraphProto graph, long[] pads, params AttributeProto[] attributes)
    {
        node.Input.Add("pads");
        node.Attribute.Add(attributes);
        graph.Initializer.Add(new TensorProto
        {
            Name = "pads",
            DataType = (int)TensorProto.Types.DataType.Int64,
            Dims = { pads.Length },
            Int64Data = { pads },
        });
    }

    private static void Numbers(NodeProto node, GraphProto graph, params int[] counts)
    {
        foreach (int count in counts)
        {
            string name = $"numbers{node.Input.Count}";
            node.Input.Add(name);
            graph.Initializer.Add(new TensorProto
            {
                Name = name,
                DataType = (int)TensorProto.Types.DataType.Float,
                Dims = { count },
                FloatData = { Enumerable.Range(0, count).Select(i => 0.5f + i) },
            });
        }
    }

    private static AttributeProto Text(string name, string text) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(text), Type = AttributeProto.Types.AttributeType.String };

    private static AttributeProto Number(string name, long number) =>
        new() { Name = name, I = number, Type = AttributeProto.Types.AttributeType.Int };
}

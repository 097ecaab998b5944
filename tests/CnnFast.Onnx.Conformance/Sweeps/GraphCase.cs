using System.Runtime.InteropServices;
using CnnFast.Onnx.Conformance.Running;
using CnnFast.Onnx.Conformance.Vectors;
using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>A model of several nodes that is put together step by step; the shape of every value is known.</summary>
internal sealed class GraphCase : Draws, ISweepModel
{
    private readonly int _opset;
    private readonly bool _dynamic;
    private readonly GraphProto _graph = new() { Name = "sweep" };
    private readonly Dictionary<string, OnnxTensor> _inputs = [];
    private readonly Dictionary<string, OnnxTensor> _others = [];
    private readonly List<(string Name, int[] Shape)> _values = [];
    private readonly List<string> _outputs = [];

    public GraphCase(int opset, int seed)
        : base(seed)
    {
        _opset = opset;
        _dynamic = Chance(0.4);
    }

    public int Opset => _opset;

    public string? MayBeRefused => null;

    /// <summary>Adds an input of the graph.</summary>
    public string Feed(int[] shape)
    {
        string name = $"x{_inputs.Count}";
        _inputs.Add(name, Floats(shape));
        _others.Add(name, Floats([4 - shape[0], .. shape[1..]]));
        _values.Add((name, shape));
        return name;
    }

    /// <summary>
    /// Adds an initialiser or a Constant node; floats now and then in another precision, with a Cast as exporters write it.
    /// </summary>
    public string Constant(OnnxTensor tensor)
    {
        string name = $"c{_graph.Initializer.Count + _graph.Node.Count}";
        if (tensor.ElementType == ElementType.Float32 && tensor.Count > 0 && Chance(0.05))
        {
            _graph.Initializer.Add(Chance(0.7) ? Half(name, tensor) : Double(name, tensor));
            return AddHidden("Cast", [name], ("to", (int)TensorProto.Types.DataType.Float));
        }

        if (Chance(0.8))
            _graph.Initializer.Add(VectorTensor.Write(name, tensor, Chance(0.8)));
        else
            AddNode("Constant", [], [name], [("value", tensor)]);
        return name;
    }

    /// <summary>Adds a node of one output with the given shape.</summary>
    public string Add(string op, int[] shape, string[] inputs, params (string Name, object Value)[] attributes) =>
        Add(op, [shape], inputs, attributes)[0];

    /// <summary>Adds a node of outputs with the given shapes.</summary>
    public string[] Add(string op, int[][] shapes, string[] inputs, params (string Name, object Value)[] attributes)
    {
        int index = _graph.Node.Count;
        string[] names = [.. shapes.Select((_, i) => $"{op}_{index}_{i}")];
        AddNode(op, inputs, names, attributes);
        for (int i = 0; i < names.Length; i++)
            _values.Add((names[i], shapes[i]));
        return names;
    }

    /// <summary>Adds a node with axes, which are an attribute before some opset and an input from there on.</summary>
    public string AddWithAxes(string op, int[] shape, string input, int[] axes, int inputFrom,
        params (string Name, object Value)[] attributes) =>
        _opset >= inputFrom
            ? Add(op, shape, [input, Constant(Vector(axes))], attributes)
            : Add(op, shape, [input], [.. attributes, ("axes", axes)]);

    /// <summary>A value that is not an image or row: its shape is not noted.</summary>
    public string AddHidden(string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string name = $"{op}_{_graph.Node.Count}";
        AddNode(op, inputs, [name], attributes);
        return name;
    }

    /// <summary>An output of the graph.</summary>
    public void Give(string value)
    {
        if (!_outputs.Contains(value) && !_inputs.ContainsKey(value))
            _outputs.Add(value);
    }

    public int[] Shape(string value) => _values.Last(v => v.Name == value).Shape;

    /// <summary>Another value of the same shape; the value itself where there is none.</summary>
    public string Like(string value)
    {
        int[] shape = Shape(value);
        string[] others = [.. _values.Where(v => v.Name != value && v.Shape.AsSpan().SequenceEqual(shape)).Select(v => v.Name)];
        return others.Length == 0 ? value : Pick<string>(others);
    }

    /// <summary>One set, and where the sizes are open, one with another batch and the first again.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> InputSets() => _dynamic ? [_inputs, _others, _inputs] : [_inputs];

    public byte[] Model(IReadOnlyDictionary<string, OnnxTensor>? results)
    {
        GraphProto graph = _graph.Clone();
        foreach ((string name, OnnxTensor tensor) in _inputs)
            graph.Input.Add(NodeProtos.Value(name, tensor.ElementType, tensor.Dimensions, _dynamic));
        foreach (string name in _outputs)
            graph.Output.Add(NodeProtos.Value(name, ElementType.Float32, results?[name].Dimensions, _dynamic));
        return new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = _opset } }, Graph = graph }.ToByteArray();
    }

    public override string ToString()
    {
        string ShapeOf(string name) => _values.Find(value => value.Name == name).Shape is { } shape ? string.Join(" ", shape) : "";
        IEnumerable<string> nodes = _graph.Node.Where(node => node.OpType != "Constant").Select(node =>
            $"{node.OpType}({string.Join(" ", node.Attribute.Select(SweepCase.Describe))})[{ShapeOf(node.Output[0])}]");
        return $"opset {_opset} seed {Seed}{(_dynamic ? " dynamic" : "")}: [{string.Join(" ", _inputs["x0"].Dimensions)}] -> " +
            $"{string.Join(" -> ", nodes)}";
    }

    private static TensorProto Half(string name, OnnxTensor tensor)
    {
        Half[] values = [.. tensor.Values<float>().ToArray().Select(v => (Half)v)];
        return Typed(name, tensor, TensorProto.Types.DataType.Float16, MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static TensorProto Double(string name, OnnxTensor tensor)
    {
        double[] values = [.. tensor.Values<float>().ToArray().Select(v => (double)v)];
        return Typed(name, tensor, TensorProto.Types.DataType.Double, MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static TensorProto Typed(string name, OnnxTensor tensor, TensorProto.Types.DataType type, ReadOnlySpan<byte> values) =>
        new()
        {
            Name = name,
            DataType = (int)type,
            Dims = { tensor.Dimensions.Select(d => (long)d) },
            RawData = ByteString.CopyFrom(values),
        };

    private void AddNode(string op, string[] inputs, string[] outputs, (string Name, object Value)[] attributes) =>
        _graph.Node.Add(NodeProtos.Create(op, $"{op}_{_graph.Node.Count}", inputs, outputs, attributes));
}

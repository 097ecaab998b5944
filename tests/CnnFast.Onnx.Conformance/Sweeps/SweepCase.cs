using System.Globalization;
using CnnFast.Onnx.Conformance.Running;
using CnnFast.Onnx.Conformance.Vectors;
using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>A model of one node with random inputs, as the generator of a family puts it together.</summary>
internal sealed class SweepCase(string family, int opset, int seed) : Draws(seed), ISweepModel
{
    private readonly List<SweepInput> _inputs = [];
    private readonly List<ElementType?> _outputs = [];
    private readonly List<AttributeProto> _attributes = [];
    private bool? _dynamic;

    public int Opset => opset;

    /// <summary>The node's operator; the family's name unless set.</summary>
    public string Operator { get; set; } = family;

    /// <summary>What of the node need not be supported; null where all of it has to run.</summary>
    public string? MayBeRefused { get; set; }

    /// <summary>Appends an input; null leaves it out. The first is fed at run time, the others half of the time, unless told.</summary>
    public void Input(OnnxTensor? tensor, bool? constant = null)
    {
        bool fixedValue = constant ?? (_inputs.Count > 0 && Chance(0.5));
        _inputs.Add(new SweepInput($"x{_inputs.Count}", tensor, fixedValue, AsNode: fixedValue && Chance(0.2), Raw: Chance(0.7)));
    }

    public void Output(ElementType type = ElementType.Float32) => _outputs.Add(type);

    public void Set(string name, long value) =>
        _attributes.Add(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int });

    public void Set(string name, float value) =>
        _attributes.Add(new AttributeProto { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float });

    public void Set(string name, string value) => _attributes.Add(
        new AttributeProto { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String });

    public void Set(string name, OnnxTensor value) => _attributes.Add(new AttributeProto
    {
        Name = name,
        T = VectorTensor.Write("", value, Chance(0.5)),
        Type = AttributeProto.Types.AttributeType.Tensor,
    });

    public void Set(string name, IEnumerable<int> values) => _attributes.Add(
        new AttributeProto { Name = name, Ints = { values.Select(v => (long)v) }, Type = AttributeProto.Types.AttributeType.Ints });

    public void Set(string name, IEnumerable<float> values) =>
        _attributes.Add(new AttributeProto { Name = name, Floats = { values }, Type = AttributeProto.Types.AttributeType.Floats });

    /// <summary>Sets the attribute more often than not, else leaves its default.</summary>
    public void Maybe(string name, long value)
    {
        if (Chance(0.6))
            Set(name, value);
    }

    public void Maybe(string name, float value)
    {
        if (Chance(0.6))
            Set(name, value);
    }

    public IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> InputSets() =>
        [_inputs.Where(input => input is { Tensor: not null, Constant: false }).ToDictionary(input => input.Name, input => input.Tensor!)];

    public byte[] Model(IReadOnlyDictionary<string, OnnxTensor>? results)
    {
        bool dynamic = _dynamic ??= Chance(0.3);
        var graph = new GraphProto { Name = "sweep" };
        var node = new NodeProto { OpType = Operator, Name = "tested", Attribute = { _attributes } };
        foreach (SweepInput input in _inputs)
        {
            node.Input.Add(input.Tensor is null ? "" : input.Name);
            if (input.Tensor is { } tensor)
                Declare(graph, input, tensor, dynamic);
        }

        for (int i = 0; i < _outputs.Count; i++)
        {
            node.Output.Add(_outputs[i] is null ? "" : $"y{i}");
            if (_outputs[i] is { } type)
                graph.Output.Add(NodeProtos.Value($"y{i}", type, results?[$"y{i}"].Dimensions, dynamic));
        }

        graph.Node.Add(node);
        return new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = opset } }, Graph = graph }.ToByteArray();
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Operator}-{opset} seed {Seed}{(_dynamic == true ? " dynamic" : "")}: {string.Join(", ", _inputs)}; " +
            $"{string.Join(", ", _attributes.Select(Describe))} -> {_outputs.Count}");

    private static void Declare(GraphProto graph, SweepInput input, OnnxTensor tensor, bool dynamic)
    {
        if (!input.Constant)
            graph.Input.Add(NodeProtos.Value(input.Name, tensor.ElementType, tensor.Dimensions, dynamic));
        else if (input.AsNode)
            graph.Node.Add(ConstantNode(input, tensor));
        else
            graph.Initializer.Add(VectorTensor.Write(input.Name, tensor, input.Raw));
    }

    private static NodeProto ConstantNode(SweepInput input, OnnxTensor tensor)
    {
        var value = new AttributeProto
        {
            Name = "value",
            T = VectorTensor.Write("", tensor, input.Raw),
            Type = AttributeProto.Types.AttributeType.Tensor,
        };
        return new NodeProto { OpType = "Constant", Name = $"constant_{input.Name}", Output = { input.Name }, Attribute = { value } };
    }

    internal static string Describe(AttributeProto attribute) => $"{attribute.Name}=" + attribute.Type switch
    {
        AttributeProto.Types.AttributeType.Int => string.Create(CultureInfo.InvariantCulture, $"{attribute.I}"),
        AttributeProto.Types.AttributeType.Float => string.Create(CultureInfo.InvariantCulture, $"{attribute.F}"),
        AttributeProto.Types.AttributeType.String => attribute.S.ToStringUtf8(),
        AttributeProto.Types.AttributeType.Ints => $"[{string.Join(" ", attribute.Ints)}]",
        AttributeProto.Types.AttributeType.Floats => $"[{string.Join(" ", attribute.Floats)}]",
        _ => $"tensor of type {attribute.T.DataType} [{string.Join(" ", attribute.T.Dims)}]",
    };
}

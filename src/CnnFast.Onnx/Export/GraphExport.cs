using System.Runtime.InteropServices;
using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Export;

/// <summary>
/// Writes the graph of a model as ONNX nodes. Every value is computed in the order that its node prefers, and put into the other order only
/// where somebody asks for it: a model of convolutions has no Transpose inside.
/// </summary>
internal sealed class GraphExport
{
    // ONNX's Reshape copies a dimension of the input where the target says 0.
    private const long KeepBatch = 0;

    private readonly GraphProto _proto = new();
    private readonly Dictionary<int, ExportedValue> _values = [];
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, List<NodeProto>> _readers = [];
    private readonly Dictionary<string, List<ExportedValue>> _holders = [];
    private readonly NameScope _names;

    private GraphExport(Graph graph, int opset)
    {
        _names = new NameScope(graph.Inputs.Select(input => input.Name)
            .Concat(graph.Nodes.Select(node => node.Name))
            .Concat(graph.Outputs.Select(output => output.Name)));
        Opset = opset;
    }

    /// <summary>The operator set.</summary>
    public int Opset { get; }

    public static GraphProto Create(Model model, OnnxExportOptions options)
    {
        Graph graph = options.FoldBatchNormalization
            ? GraphCompiler.Compile(model.Graph, [new FoldBatchNormalization()]).Graph
            : model.Graph;
        var export = new GraphExport(graph, options.Opset);
        export._proto.Name = model.Name ?? "model";
        foreach (ValueInfo input in graph.Inputs)
            export.AddInput(input, options.Layout);
        foreach (Node node in graph.Nodes)
            ExportTable.Write(new NodeExport(export, node));
        foreach (ValueInfo output in graph.Outputs)
            export.AddOutput(output, options.Layout);
        return export._proto;
    }

    public ExportedValue Value(ValueInfo value) => _values[value.Id];

    /// <summary>States what holds a value of the model.</summary>
    public void Define(ValueInfo value, ExportedValue exported)
    {
        _values.Add(value.Id, exported);
        foreach (TensorOrder order in (ReadOnlySpan<TensorOrder>)[TensorOrder.Natural, TensorOrder.ChannelsFirst])
        {
            if (exported[order] is { } tensor)
                ListOf(_holders, tensor).Add(exported);
        }
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="wanted">The name of the output and of the node, if it is free.</param>
    /// <param name="kind">The ONNX operator.</param>
    /// <param name="inputs">Names of tensors.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The name of the output.</returns>
    public string Emit(string wanted, string kind, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string name = _names.Take(wanted);
        var node = new NodeProto { Name = name, OpType = kind, Input = { inputs }, Output = { name } };
        foreach (AttributeProto attribute in attributes)
            node.Attribute.Add(attribute);
        Add(node);
        return name;
    }

    /// <summary>Adds a node of two outputs.</summary>
    /// <returns>The name of the second one.</returns>
    public string EmitSecond(string wanted, string kind, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string name = Emit(wanted, kind, inputs, attributes);
        _producers[name].Output.Insert(0, _names.Take($"{name}/first"));
        return name;
    }

    /// <summary>Adds a node of two outputs.</summary>
    /// <returns>The name of the first one.</returns>
    public string EmitFirst(string wanted, string kind, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string name = Emit(wanted, kind, inputs, attributes);
        _producers[name].Output.Add(_names.Take($"{name}/second"));
        return name;
    }

    /// <summary>Adds a constant of floats.</summary>
    public string AddConstant(string wanted, float[] values, params ReadOnlySpan<int> dimensions) =>
        AddConstant(wanted, ElementType.Float32, MemoryMarshal.AsBytes(values.AsSpan()), dimensions);

    /// <summary>Adds a constant of any elements.</summary>
    public string AddConstant(string wanted, ElementType type, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> dimensions)
    {
        TensorProto tensor = Tensor(wanted, DataTypeOf(type), bytes);
        foreach (int dimension in dimensions)
            tensor.Dims.Add(dimension);
        return tensor.Name;
    }

    /// <summary>Adds a constant list of integers.</summary>
    public string AddConstant(string wanted, params ReadOnlySpan<long> values)
    {
        TensorProto tensor = Tensor(wanted, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values));
        tensor.Dims.Add(values.Length);
        return tensor.Name;
    }

    /// <summary>The tensor of a value in an order, put into it where it is not yet.</summary>
    public string Tensor(ExportedValue value, TensorOrder order)
    {
        if (value[order] is { } known)
            return known;
        string tensor = value.Constant is { } constant
            ? order == TensorOrder.Natural ? Add(value.ConstantName, constant) : AddPermuted($"{value.ConstantName}/{order}", constant)
            : Reorder(value, order);
        value[order] = tensor;
        ListOf(_holders, tensor).Add(value);
        return tensor;
    }

    private string Reorder(ExportedValue value, TensorOrder order)
    {
        Shape image = value.Image ?? throw new InvalidOperationException($"A value of shape {value.Sample} has no other order.");
        string source = value[value.Order]!;
        string target = $"{source}/{order}";
        bool toNatural = order == TensorOrder.Natural;
        if (value.Sample.Rank > 3)
            return toNatural ? ToNatural(source, target, value.Sample) : ToChannelsFirst(source, target, image);
        if (value.Sample.Rank != 3)
        {
            string shape = toNatural
                ? AddConstant($"{target}.shape", KeepBatch, image[2], image[0], image[1])
                : AddConstant($"{target}.shape", KeepBatch, image[0], image[1], image[2]);
            source = Emit($"{target}.image", "Reshape", [source, shape]);
        }

        // One channel, or one pixel: the elements keep their places.
        if (value.Sample.Rank == 3 && (image[2] == 1 || image[0] * image[1] == 1))
        {
            string dimensions = toNatural
                ? AddConstant($"{target}.shape", KeepBatch, image[0], image[1], image[2])
                : AddConstant($"{target}.shape", KeepBatch, image[2], image[0], image[1]);
            return Emit(target, "Reshape", [source, dimensions]);
        }

        AttributeProto permutation = toNatural ? Attribute.Integers("perm", 0, 2, 3, 1) : Attribute.Integers("perm", 0, 3, 1, 2);
        string transposed = Emit(value.Sample.Rank == 3 ? target : $"{target}.transposed", "Transpose", [source], permutation);
        return value.Sample.Rank == 3 ? transposed : Emit(target, "Flatten", [transposed], Attribute.Integer("axis", 1));
    }

    /// <summary>Gives a tensor that a layer emitted the name of that layer.</summary>
    public string Own(string tensor, string layer)
    {
        Rename(tensor, layer);
        return layer;
    }

    /// <summary>The ONNX operator that computes a tensor, null where it is an input or a constant.</summary>
    public string? KindOf(string tensor) => _producers.GetValueOrDefault(tensor)?.OpType;

    /// <summary>How ONNX calls the type of elements.</summary>
    public static TensorProto.Types.DataType DataTypeOf(ElementType type) => type switch
    {
        ElementType.Float32 => TensorProto.Types.DataType.Float,
        ElementType.Int32 => TensorProto.Types.DataType.Int32,
        ElementType.Int64 => TensorProto.Types.DataType.Int64,
        ElementType.UInt8 => TensorProto.Types.DataType.Uint8,
        _ => TensorProto.Types.DataType.Bool,
    };

    private static TensorOrder OrderAt(ValueInfo value, OnnxLayout layout) =>
        value.SampleShape.Rank == 3 && layout == OnnxLayout.Nchw && value.Images == ImageOrder.ChannelsLast
            ? TensorOrder.ChannelsFirst
            : TensorOrder.Natural;

    // Whether images lie channels first in the caller's memory and the file is to have them last.
    private static bool IsTurned(ValueInfo value, OnnxLayout layout) =>
        value.SampleShape.Rank == 3 && layout == OnnxLayout.Nhwc && value.Images == ImageOrder.ChannelsFirst;

    private static ValueInfoProto Describe(ValueInfo value, TensorOrder order, bool isTurned)
    {
        var shape = new TensorShapeProto
        {
            Dim =
            {
                value.IsWhole
                    ? new TensorShapeProto.Types.Dimension { DimValue = value.Shape[0] }
                    : new TensorShapeProto.Types.Dimension { DimParam = "N" },
            },
        };
        int[] sample = value.SampleShape.Dimensions.ToArray();
        int[] dimensions = order == TensorOrder.ChannelsFirst ? [sample[2], sample[0], sample[1]]
            : isTurned ? [sample[1], sample[2], sample[0]]
            : sample;
        foreach (int dimension in dimensions)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dimension });
        return new ValueInfoProto
        {
            Name = value.Name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataTypeOf(value.Type), Shape = shape } },
        };
    }

    private string ToNatural(string source, string target, Shape sample)
    {
        string last = Emit($"{target}.transposed", "Transpose", [source], Attribute.Integers("perm", 0, 2, 3, 1));
        return Emit(target, "Reshape",
            [last, AddConstant($"{target}.shape", [KeepBatch, .. sample.Dimensions.ToArray().Select(dimension => (long)dimension)])]);
    }

    private string ToChannelsFirst(string source, string target, Shape image)
    {
        string pixels = Emit($"{target}.image", "Reshape",
            [source, AddConstant($"{target}.shape", KeepBatch, image[0], image[1], image[2])]);
        return Emit(target, "Transpose", [pixels], Attribute.Integers("perm", 0, 3, 1, 2));
    }

    private string Add(string wanted, ConstantOperation constant) =>
        AddConstant(wanted, constant.Type,
            MemoryMarshal.AsBytes(constant.Values.Span)[..(constant.Shape.ElementCount * ElementTypes.SizeOf(constant.Type))],
            constant.Shape.Dimensions);

    // A constant of four dimensions with the last one second.
    private string AddPermuted(string wanted, ConstantOperation constant)
    {
        ReadOnlySpan<int> d = constant.Shape.Dimensions;
        int size = ElementTypes.SizeOf(constant.Type);
        int pixels = d[1] * d[2], channels = d[3];
        ReadOnlySpan<byte> from = MemoryMarshal.AsBytes(constant.Values.Span);
        var to = new byte[constant.Shape.ElementCount * size];
        for (int i = 0; i < constant.Shape.ElementCount; i++)
        {
            int place = (((i / (pixels * channels) * channels) + (i % channels)) * pixels) + (i / channels % pixels);
            from.Slice(i * size, size).CopyTo(to.AsSpan(place * size));
        }

        return AddConstant(wanted, constant.Type, to, [d[0], channels, d[1], d[2]]);
    }

    private TensorProto Tensor(string wanted, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes)
    {
        var tensor = new TensorProto { Name = _names.Take(wanted), DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        _proto.Initializer.Add(tensor);
        return tensor;
    }

    private void AddInput(ValueInfo input, OnnxLayout layout)
    {
        TensorOrder order = OrderAt(input, layout);
        bool isTurned = IsTurned(input, layout);
        string tensor = isTurned
            ? Emit($"{input.Name}/channels_first", "Transpose", [input.Name], Attribute.Integers("perm", 0, 3, 1, 2))
            : input.Name;
        Shape sample = input.SampleShape;
        Define(input, new ExportedValue(sample, sample.Rank == 3 ? sample : null) { [order] = tensor });
        _proto.Input.Add(Describe(input, order, isTurned));
    }

    /// <summary>Gives a tensor another name, in its node and wherever it is read.</summary>
    private void Rename(string tensor, string name)
    {
        NodeProto producer = _producers[tensor];
        _producers.Remove(tensor);
        _producers.Add(name, producer);
        producer.Output[producer.Output.IndexOf(tensor)] = name;
        producer.Name = name;
        if (_readers.Remove(tensor, out List<NodeProto>? readers))
        {
            _readers.Add(name, readers);
            foreach (NodeProto node in readers)
            {
                for (int i = 0; i < node.Input.Count; i++)
                {
                    if (node.Input[i] == tensor)
                        node.Input[i] = name;
                }
            }
        }

        if (_holders.Remove(tensor, out List<ExportedValue>? holders))
        {
            _holders.Add(name, holders);
            foreach (ExportedValue value in holders)
                value.Rename(tensor, name);
        }
    }

    private void Add(NodeProto node)
    {
        _proto.Node.Add(node);
        _producers.Add(node.Name, node);
        foreach (string input in node.Input)
            ListOf(_readers, input).Add(node);
    }

    private static List<T> ListOf<T>(Dictionary<string, List<T>> lists, string tensor) =>
        CollectionsMarshal.GetValueRefOrAddDefault(lists, tensor, out _) ??= [];

    // The output bears the name of its layer, whatever tensor holds it; an input that is an output as well is that already.
    private void AddOutput(ValueInfo output, OnnxLayout layout)
    {
        TensorOrder order = OrderAt(output, layout);
        bool isTurned = IsTurned(output, layout);
        if (_proto.Input.Any(input => input.Name == output.Name))
        {
            _proto.Output.Add(Describe(output, order, isTurned));
            return;
        }

        string tensor = Tensor(Value(output), order);
        if (isTurned)
            tensor = Emit($"{tensor}/channels_last", "Transpose", [tensor], Attribute.Integers("perm", 0, 2, 3, 1));
        if (tensor != output.Name)
        {
            if (_producers.ContainsKey(output.Name))
                Rename(output.Name, _names.Take($"{output.Name}/{Value(output).Order}"));
            if (_producers.ContainsKey(tensor) && _proto.Output.All(other => other.Name != tensor))
            {
                Rename(tensor, output.Name);
            }
            else
            {
                Add(new NodeProto { Name = output.Name, OpType = "Identity", Input = { tensor }, Output = { output.Name } });
            }
        }

        _proto.Output.Add(Describe(output, order, isTurned));
    }
}

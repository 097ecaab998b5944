using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Reading;

/// <summary>
/// Reads the messages of an ONNX file. It walks down to the tensors by itself, so that the data of larger tensors stay in the file and the
/// limits hold before memory is taken; what lies beside that path is left to the generated parsers.
/// </summary>
internal sealed class ModelReader(ByteSource source, OnnxImportOptions options)
{
    /// <summary>The longest data of a tensor that are held in memory, in bytes.</summary>
    public const int MaxHeldBytes = 1024;

    // Fields that the messages leave out since nothing reads them, and that may be long.
    private const int ModelTrainingFieldNumber = 20;
    private const int TensorStringFieldNumber = 6;

    private readonly WireReader _reader = new(source);
    private readonly WireWriter _parts = new();
    private long _keptBytes;
    private int _items;

    /// <summary>The data that were left in the file.</summary>
    public Dictionary<TensorProto, TensorSegment> Segments { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Reads the model.</summary>
    /// <exception cref="DataFormatException">The file is damaged or asks for more than the options allow.</exception>
    public ModelProto Read()
    {
        if (source.Length > options.MaxModelBytes)
            throw TooLarge($"has {source.Length} bytes", nameof(OnnxImportOptions.MaxModelBytes), options.MaxModelBytes);
        try
        {
            return ReadModel(source.Length);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new DataFormatException(
                $"'{source.Name}' is damaged before byte {_reader.Position}; expected an ONNX model: {failure.Message}", failure);
        }
    }

    private ModelProto ReadModel(long end)
    {
        GraphProto? graph = null;
        List<FunctionProto> functions = [];
        int mark = _parts.Mark;
        while (Next(end, out WireField field))
        {
            if (field is { HasBytes: true, Number: ModelProto.GraphFieldNumber })
                graph = Single(graph, ReadGraph(field.End, 0), "graph");
            else if (field is { HasBytes: true, Number: ModelProto.FunctionsFieldNumber })
                functions.Add(ReadFunction(field.End));
            else
                Keep(field, field.Number is not (ModelProto.DocStringFieldNumber or ModelTrainingFieldNumber));
        }

        ModelProto model = _parts.Parse(mark, Parsers.Model);
        model.Graph = graph;
        model.Functions.AddRange(functions);
        return model;
    }

    private FunctionProto ReadFunction(long end)
    {
        Count();
        int mark = _parts.Mark;
        while (Next(end, out WireField field))
            Keep(field, field.Number is FunctionProto.NameFieldNumber or FunctionProto.DomainFieldNumber);
        return _parts.Parse(mark, Parsers.Function);
    }

    private GraphProto ReadGraph(long end, int depth)
    {
        if (depth > options.MaxGraphDepth)
            throw TooLarge($"nests graphs {depth} deep", nameof(OnnxImportOptions.MaxGraphDepth), options.MaxGraphDepth);
        List<NodeProto> nodes = [];
        List<TensorProto> initializers = [];
        List<SparseTensorProto> sparse = [];
        int mark = _parts.Mark;
        while (Next(end, out WireField field))
        {
            Count();
            if (field is { HasBytes: true, Number: GraphProto.NodeFieldNumber })
                nodes.Add(ReadNode(field.End, depth));
            else if (field is { HasBytes: true, Number: GraphProto.InitializerFieldNumber })
                initializers.Add(ReadTensor(field.End));
            else if (field is { HasBytes: true, Number: GraphProto.SparseInitializerFieldNumber })
                sparse.Add(ReadSparse(field.End));
            else
                Keep(field, field.Number != GraphProto.DocStringFieldNumber);
        }

        GraphProto graph = _parts.Parse(mark, Parsers.Graph);
        graph.Node.AddRange(nodes);
        graph.Initializer.AddRange(initializers);
        graph.SparseInitializer.AddRange(sparse);
        return graph;
    }

    private NodeProto ReadNode(long end, int depth)
    {
        List<AttributeProto> attributes = [];
        int mark = _parts.Mark;
        while (Next(end, out WireField field))
        {
            if (field is { HasBytes: true, Number: NodeProto.AttributeFieldNumber })
                attributes.Add(ReadAttribute(field.End, depth));
            else
                Keep(field, field.Number != NodeProto.DocStringFieldNumber);
        }

        NodeProto node = _parts.Parse(mark, Parsers.Node);
        node.Attribute.AddRange(attributes);
        return node;
    }

    private AttributeProto ReadAttribute(long end, int depth)
    {
        Count();
        TensorProto? tensor = null;
        GraphProto? graph = null;
        List<TensorProto> tensors = [];
        List<GraphProto> graphs = [];
        int mark = _parts.Mark;
        while (Next(end, out WireField field))
        {
            switch (field.HasBytes ? field.Number : 0)
            {
                case AttributeProto.TFieldNumber:
                    tensor = Single(tensor, ReadTensor(field.End), "tensor of an attribute");
                    break;
                case AttributeProto.GFieldNumber:
                    graph = Single(graph, ReadGraph(field.End, depth + 1), "graph of an attribute");
                    break;
                case AttributeProto.TensorsFieldNumber:
                    tensors.Add(ReadTensor(field.End));
                    break;
                case AttributeProto.GraphsFieldNumber:
                    graphs.Add(ReadGraph(field.End, depth + 1));
                    break;
                default:
                    Keep(field, true);
                    break;
            }
        }

        AttributeProto attribute = _parts.Parse(mark, Parsers.Attribute);
        attribute.T = tensor;
        attribute.G = graph;
        attribute.Tensors.AddRange(tensors);
        attribute.Graphs.AddRange(graphs);
        return attribute;
    }

    private SparseTensorProto ReadSparse(long end)
    {
        TensorProto? values = null;
        while (Next(end, out WireField field))
        {
            if (field is { HasBytes: true, Number: SparseTensorProto.ValuesFieldNumber })
                values = Single(values, ReadTensor(field.End), "tensor of values");
            else
                Keep(field, false);
        }

        return new SparseTensorProto { Values = values };
    }

    private TensorProto ReadTensor(long end)
    {
        Count();
        TensorSegment? segment = null;
        int mark = _parts.Mark;
        while (Next(end, out WireField field))
        {
            bool isLeft = field.HasBytes && field.Value > MaxHeldBytes && IsData(field.Number);
            if (isLeft)
                segment = Single(segment, new TensorSegment(field.Number, _reader.Position, (long)field.Value),
                    "field of data of a tensor");
            Keep(field, !isLeft && field.Number != TensorStringFieldNumber);
        }

        TensorProto tensor = _parts.Parse(mark, Parsers.Tensor);
        if (segment is not null)
            Segments.Add(tensor, segment.Value);
        return tensor;
    }

    private static bool IsData(int field) => field is TensorProto.RawDataFieldNumber or TensorProto.FloatDataFieldNumber
        or TensorProto.Int32DataFieldNumber
        or TensorProto.Int64DataFieldNumber or TensorProto.DoubleDataFieldNumber or TensorProto.Uint64DataFieldNumber;

    private bool Next(long end, out WireField field)
    {
        field = default;
        if (_reader.Position >= end)
            return false;
        field = _reader.ReadField(end);
        return true;
    }

    /// <summary>Hands a field to the generated parser, or passes over it.</summary>
    private void Keep(in WireField field, bool isKept)
    {
        if (isKept)
        {
            _keptBytes += field.End - field.Start;
            if (_keptBytes > options.MaxGraphBytes)
                throw TooLarge($"holds more than {options.MaxGraphBytes} bytes beside the data of its tensors",
                    nameof(OnnxImportOptions.MaxGraphBytes), options.MaxGraphBytes);
            _parts.Add(field, _reader);
        }

        _reader.Position = field.End;
    }

    private void Count()
    {
        if (++_items > options.MaxGraphItems)
            throw TooLarge($"holds more than {options.MaxGraphItems} nodes, attributes, tensors and values",
                nameof(OnnxImportOptions.MaxGraphItems), options.MaxGraphItems);
    }

    private T Single<T>(T? before, T now, string what) => before is null
        ? now
        : throw new DataFormatException(
            $"'{source.Name}' is damaged before byte {_reader.Position}: it holds a second {what}; expected one.");

    private DataFormatException TooLarge(string what, string option, long limit) =>
        new($"'{source.Name}' {what}; expected at most {limit}, as OnnxImportOptions.{option} says.");
}

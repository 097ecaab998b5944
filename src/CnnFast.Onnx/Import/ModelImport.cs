using CnnFast.Data;
using CnnFast.Graphs;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;

namespace CnnFast.Onnx.Import;

/// <summary>
/// Builds graphs from an ONNX file, one for each set of shapes that its inputs have. Graphs share the weights. Not thread-safe.
/// </summary>
internal sealed class ModelImport
{
    private readonly OnnxFile _file;
    private readonly GraphProto _graph;
    private readonly Dictionary<string, Parameter> _weights = [];
    private readonly Dictionary<string, ImportedValue> _initializers = new(StringComparer.Ordinal);
    private readonly int _opset;
    private readonly Lazy<ImageEnds> _images;

    /// <summary>Reads what the model is; no weights yet.</summary>
    /// <exception cref="NotSupportedException">A node, an input or an output is not supported.</exception>
    public ModelImport(OnnxFile file)
    {
        _file = file;
        _graph = file.Model.Graph;
        _images = new Lazy<ImageEnds>(() => new ImageEnds(_graph));
        _opset = OnnxChecker.Check(file);
        foreach (TensorProto tensor in _graph.Initializer)
            _initializers.Add(tensor.Name, Open(tensor));
        Inputs = [.. _graph.Input.Where(input => !_initializers.ContainsKey(input.Name)).Select(input => Describe("input", input))];
        OptionalInputs = [.. _graph.Input.Where(input => _initializers.ContainsKey(input.Name))
            .Select(input => DescribeDefault(input.Name))];
        Outputs = [.. _graph.Output.Select(output => Describe("output", output))];
        if (Outputs.Count == 0)
            throw new DataFormatException($"'{file.Name}' has no outputs.");
        foreach (NodeProto node in _graph.Node)
            RequireSupported(node);
        Nodes = [.. _graph.Node.Select(node =>
            new OnnxNodeInfo(NodeNames.Of(node), node.OpType, [.. node.Output.Where(output => output.Length > 0)]))];
        NodeProto[] casts = [.. _graph.Node.Where(ConstantImport.IsCastToHalf)];
        if (casts.Length > 0)
            Notes = [$"{(casts.Length == 1 ? "" : $"{casts.Length} nodes, such as ")}{NodeNames.Of(casts[0])}: " +
                "values are rounded to float16, and what follows is computed as float32"];
    }

    /// <summary>The inputs that have no value in the file.</summary>
    public IReadOnlyList<OnnxTensorInfo> Inputs { get; }

    /// <summary>The inputs that have a value in the file, which a caller may replace.</summary>
    public IReadOnlyList<OnnxTensorInfo> OptionalInputs { get; }

    /// <summary>The outputs.</summary>
    public IReadOnlyList<OnnxTensorInfo> Outputs { get; }

    /// <summary>What nodes compute otherwise than the file says, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; } = [];

    /// <summary>The version of the operator set.</summary>
    public int Opset => _opset;

    /// <summary>The nodes in order.</summary>
    public IReadOnlyList<OnnxNodeInfo> Nodes { get; }

    /// <summary>Builds the graph for inputs of given dimensions, with all outputs.</summary>
    /// <param name="dimensions">The dimensions of every input in ONNX's order.</param>
    /// <param name="isBatched">Whether the graph is for any number of samples; the first dimensions are then 1.</param>
    /// <param name="layout">How images lie in the caller's memory.</param>
    /// <returns>The graph; null where an output has no elements.</returns>
    /// <exception cref="NotBatchedException">The graph cannot be for any number of samples.</exception>
    public Graph? BuildGraph(IReadOnlyList<int[]> dimensions, bool isBatched, OnnxLayout layout)
    {
        var graph = new GraphImport(_weights, isBatched, _file.Options)
        {
            FileName = _file.Name,
            IsBatchOpen = Inputs.Any(input => input.Dimensions is null or [-1, ..]),
        };
        Dictionary<string, ImportedValue> values = Import(graph, Inputs, dimensions, null, layout);
        if (Outputs.Any(output => values[output.Name].Count == 0))
            return null;
        (string Name, ImportedValue Value)[] outputs = [.. Outputs.Select(output => (output.Name, values[output.Name]))];
        return graph.Build(outputs, (name, value) => OrderFor(name, value.Rank, layout), (name, rank) => ImagesOf(name, rank, layout));
    }

    /// <summary>Builds the graph for inputs of given dimensions, with those values that depend on data; the others are computed.</summary>
    /// <param name="inputs">All inputs that have no value in the file, and those that a caller gives another one.</param>
    /// <param name="dimensions">The dimensions of every input in ONNX's order.</param>
    /// <param name="known">The values of inputs that are known; null for the others.</param>
    /// <param name="wanted">The names of the values that callers receive.</param>
    /// <returns>The graph, and every wanted value.</returns>
    /// <exception cref="ArgumentException">There is no value of a name.</exception>
    public (Graph Graph, IReadOnlyList<ImportedValue> Values) Build(IReadOnlyList<OnnxTensorInfo> inputs, IReadOnlyList<int[]> dimensions,
        IReadOnlyList<OnnxTensor?> known, IReadOnlyList<string> wanted)
    {
        var graph = new GraphImport(_weights, isBatched: false, _file.Options) { FileName = _file.Name };
        Dictionary<string, ImportedValue> values = Import(graph, inputs, dimensions, known, OnnxLayout.Nchw);
        ImportedValue[] results = [.. wanted.Select(name => values.TryGetValue(name, out ImportedValue? value)
            ? value
            : throw new ArgumentException($"The model has no value {Excerpt.Of(name)}.", nameof(wanted)))];
        Graph built = graph.Build([.. wanted.Zip(results).Where(pair => !pair.Second.IsConstant).Select(pair => (pair.First, pair.Second))],
            (_, value) => GraphImport.Identity(value.Rank), (name, rank) => ImagesOf(name, rank, OnnxLayout.Nchw));
        return (built, results);
    }

    private ImportedValue Input(GraphImport graph, OnnxTensorInfo input, int[] dimensions, OnnxLayout layout) => dimensions.Contains(0)
        ? GraphImport.Empty(input.ElementType, dimensions)
        : graph.AddInput(input.Name, input.ElementType, dimensions, OrderFor(input.Name, dimensions.Length, layout),
            ImagesOf(input.Name, dimensions.Length, layout));

    // What is not known as images keeps the order of the file, also in another file.
    private ImageOrder ImagesOf(string name, int rank, OnnxLayout layout) =>
        rank != 4 ? ImageOrder.ChannelsLast
            : !_images.Value.Contains(name) ? ImageOrder.Fixed
            : layout == OnnxLayout.Nhwc ? ImageOrder.ChannelsLast
            : ImageOrder.ChannelsFirst;

    /// <summary>Which dimensions of an input or output lie where in the caller's memory, outermost first.</summary>
    public int[] OrderFor(string name, int rank, OnnxLayout layout) =>
        rank == 4 && layout == OnnxLayout.Nhwc && _images.Value.Contains(name) ? GraphImport.ChannelsLast(4) : GraphImport.Identity(rank);

    private static string NameOf(NodeProto node)
    {
        string name = node.Output.FirstOrDefault(output => output.Length > 0) ?? node.Name;
        char[] characters = [.. name.Take(150).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' ? c : '_')];
        return characters.Length == 0 ? "node" : new string(characters);
    }

    private Dictionary<string, ImportedValue> Import(GraphImport graph, IReadOnlyList<OnnxTensorInfo> inputs,
        IReadOnlyList<int[]> dimensions, IReadOnlyList<OnnxTensor?>? known, OnnxLayout layout)
    {
        var values = new Dictionary<string, ImportedValue>(_initializers, StringComparer.Ordinal);
        for (int i = 0; i < inputs.Count; i++)
            values[inputs[i].Name] = known?[i] is { } value
                ? new ImportedValue(value, dependsOnShape: true)
                : Input(graph, inputs[i], dimensions[i], layout);
        for (int i = 0; i < _graph.Node.Count; i++)
        {
            graph.NodeIndex = i;
            Import(_graph.Node[i], graph, values);
        }

        return values;
    }

    private void Import(NodeProto node, GraphImport graph, Dictionary<string, ImportedValue> values)
    {
        graph.NodeName = NameOf(node);
        var import = new NodeImport(_file.Name, node, _opset, graph, values, Open);
        try
        {
            OperatorTable.Find(node.OpType)!.Import(import);
        }
        catch (Exception e) when (e is ShapeException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw import.Misfit(e);
        }

        import.RequireAllRead();
        foreach (string output in node.Output.Where(output => output.Length > 0))
        {
            if (!values.ContainsKey(output))
                throw import.Unsupported($"the output {Excerpt.Of(output)} is not supported");
        }
    }

    // Weights are read when they become parameters; small constants once, since nodes ask for them often.
    private ImportedValue Open(TensorProto tensor)
    {
        const int Small = 4096;
        TensorReader reader = _file.OpenTensor(tensor);
        return reader.Count * (long)ElementTypes.SizeOf(reader.ElementType) <= Small
            ? new ImportedValue(reader.Read(), dependsOnShape: false)
            : new ImportedValue(reader);
    }

    private OnnxTensorInfo DescribeDefault(string name) => new(name, _initializers[name].Type, _initializers[name].Dimensions);

    private OnnxTensorInfo Describe(string what, ValueInfoProto value)
    {
        if (value.Type?.TensorType is not { } tensor)
            throw new NotSupportedException($"'{_file.Name}': the {what} {Excerpt.Of(value.Name)} is no tensor; sequences, " +
                "maps and optional values are not supported.");
        ElementType type = (TensorProto.Types.DataType)tensor.ElemType switch
        {
            TensorProto.Types.DataType.Float => ElementType.Float32,
            TensorProto.Types.DataType.Int32 => ElementType.Int32,
            TensorProto.Types.DataType.Int64 => ElementType.Int64,
            TensorProto.Types.DataType.Uint8 => ElementType.UInt8,
            TensorProto.Types.DataType.Bool => ElementType.Bool,
            _ => throw new NotSupportedException($"'{_file.Name}': the {what} {Excerpt.Of(value.Name)} is of type " +
                $"{TensorEncoding.NameOf(tensor.ElemType)}; supported are float, int32, int64, uint8 " +
                $"and bool{AdviceFor(tensor.ElemType)}."),
        };
        if (tensor.Shape is null)
            return new OnnxTensorInfo(value.Name, type, null);
        var dimensions = new int[tensor.Shape.Dim.Count];
        for (int i = 0; i < dimensions.Length; i++)
        {
            TensorShapeProto.Types.Dimension dimension = tensor.Shape.Dim[i];
            if (dimension.ValueCase != TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue)
                dimensions[i] = -1;
            else if (dimension.DimValue is >= -1 and <= int.MaxValue)
                dimensions[i] = (int)dimension.DimValue;
            else
                throw new DataFormatException($"'{_file.Name}': the {what} {Excerpt.Of(value.Name)} has a dimension of " +
                    $"{dimension.DimValue}; expected at most {int.MaxValue}.");
        }

        return new OnnxTensorInfo(value.Name, type, dimensions);
    }

    // What else keeps the model from being imported, so that one load tells.
    private string OtherUnsupported(string named)
    {
        const int MaxNamed = 8;
        string[] others = [.. _graph.Node.Select(node => node.OpType)
            .Where(op => op != named && OperatorTable.Find(op) is null)
            .Distinct()
            .Take(MaxNamed + 1)];
        if (others.Length == 0)
            return "";
        string list = string.Join(", ", others.Take(MaxNamed).Select(other => Excerpt.Of(other)));
        return $"; of this model neither {(others.Length == 1 ? "is" : "are")} {list}{(others.Length > MaxNamed ? " and others" : "")}";
    }

    private static string AdviceFor(int elementType) => elementType == (int)TensorProto.Types.DataType.Float16
        ? ": keep float32 at the ends when a model is converted to float16 (keep_io_types)"
        : "";

    private void RequireSupported(NodeProto node)
    {
        string who = $"'{_file.Name}': {NodeNames.Of(node)}";
        if (node.Domain is not ("" or "ai.onnx"))
            throw new NotSupportedException($"{who}: operators of the domain {Excerpt.Of(node.Domain)} are not supported.");
        OperatorEntry entry = OperatorTable.Find(node.OpType) ?? throw new NotSupportedException(
            $"{who}: the operator {Excerpt.Of(node.OpType)} is not supported{OtherUnsupported(node.OpType)}.");
        if (_opset < entry.Since || _opset > entry.Until)
            throw new NotSupportedException($"{who}: the operator {node.OpType} is supported in operator sets {entry.Since} to " +
                $"{entry.Until}; the model is written for {_opset}.");
    }
}

using System.Runtime.InteropServices;
using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>
/// Builds a graph from the nodes of an ONNX model for inputs of known shapes. What depends on constants and shapes alone is computed at
/// once; the rest becomes operations, images channels last.
/// </summary>
/// <param name="weights">The parameters of earlier graphs of this model, which later ones share.</param>
/// <param name="isBatched">Whether the graph is for any number of samples; its inputs then have one.</param>
/// <param name="limits">How much the file may ask for.</param>
internal sealed class GraphImport(Dictionary<string, Parameter> weights, bool isBatched, OnnxImportOptions limits)
{
    private readonly List<Node> _nodes = [];
    private readonly List<ValueInfo> _inputs = [];
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<OnnxTensor, ValueInfo> _constants = [];
    private readonly Dictionary<(int Value, string Order), GraphTensor> _moved = [];
    private long _foldedBytes;
    private long _foldedMultiplyAdds;
    private int _values;

    /// <summary>Whether the graph is for any number of samples.</summary>
    public bool IsBatched => isBatched;

    /// <summary>Whether the file leaves the number of samples open: a 1 that it writes out is then not their number.</summary>
    public bool IsBatchOpen { get; init; }

    /// <summary>What messages call the file.</summary>
    public required string FileName { get; init; }

    /// <summary>The name that the operations of the node in hand get.</summary>
    public string NodeName { get; set; } = "node";

    /// <summary>Where the node in hand stands in the file; with the name, what parameters are shared by.</summary>
    public int NodeIndex { get; set; }

    /// <summary>A constant of the node in hand whose elements are all 0 so far.</summary>
    /// <exception cref="DataFormatException">It is larger than the limits allow.</exception>
    public OnnxTensor Allocate(ElementType type, params ReadOnlySpan<int> dimensions)
    {
        CountFolded(type, OnnxTensor.CountOf(dimensions));
        return OnnxTensor.Allocate(type, dimensions);
    }

    /// <summary>Throws where a value of the node in hand would be larger than the limits allow.</summary>
    /// <exception cref="DataFormatException">It would be.</exception>
    public void RequireFits(ElementType type, ReadOnlySpan<int> dimensions)
    {
        if (OnnxTensor.CountOf(dimensions) is not { } count || count * ElementTypes.SizeOf(type) > limits.MaxRunBytes)
            throw TooLarge($"a value of [{string.Join(", ", dimensions.ToArray())}]", $"{limits.MaxRunBytes} bytes",
                nameof(OnnxImportOptions.MaxRunBytes));
    }

    /// <summary>Adds an input of the model.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">What its elements are.</param>
    /// <param name="dimensions">Its dimensions in the ONNX model.</param>
    /// <param name="order">Which of them lies where in the caller's memory, outermost first.</param>
    /// <param name="images">How images lie there.</param>
    public ImportedValue AddInput(string name, ElementType type, int[] dimensions, int[] order, ImageOrder images)
    {
        if (isBatched && dimensions.Length < 2)
            throw new NotBatchedException($"the input '{name}' has no samples");
        NodeName = name;
        RequireFits(type, dimensions);
        int[] memory = dimensions.Length == 0 ? [1] : [.. order.Select(dimension => dimensions[dimension])];
        var info = new ValueInfo(_values++, name, new Shape(memory.AsSpan(isBatched ? 1 : 0)))
        {
            IsWhole = !isBatched,
            Type = type,
            Images = images,
        };
        _inputs.Add(info);
        _names.Add(name);
        return new ImportedValue(info, dimensions, Layout.Of(dimensions, order, isBatched));
    }

    /// <summary>A value with its dimensions in some order in memory; moved where it lies otherwise.</summary>
    /// <param name="value">The value.</param>
    /// <param name="order">Which of its dimensions lies where, outermost first.</param>
    public GraphTensor As(ImportedValue value, params ReadOnlySpan<int> order)
    {
        Shape shape = value.Rank == 0 ? new Shape(1) : new Shape(Select(order, value.Dimensions));
        if (value.IsConstant)
        {
            var constant = new GraphTensor(value.Rank == 0 ? shape : new Shape(value.Dimensions), value.Type)
            {
                Constant = value.Constant,
                DependsOnShape = value.DependsOnShape,
            };
            return Move(constant, order.ToArray());
        }

        Layout layout = value.Layout!;
        if (value.IsBatched && (value.Rank == 0 || layout.BatchDimension != order[0]))
            throw new NotBatchedException($"'{NodeName}' does not work sample by sample");
        // By how the memory moves: values of the same dimensions may lie in it in different ways.
        int[] move = layout.MoveTo(order);
        var key = (value.Info!.Id, $"{string.Join(' ', layout.MemorySizes)}|{string.Join(' ', move)}|{shape}");
        if (_moved.TryGetValue(key, out GraphTensor? known))
            return known;
        GraphTensor tensor = TensorOf(value.Info);
        if (!IsIdentity(move))
            tensor = Emit(new TransposeOperation(move), $"{value.Info.Name}.transposed", View(tensor, new Shape(layout.MemorySizes)));
        tensor = View(tensor, shape);
        _moved.Add(key, tensor);
        return tensor;
    }

    /// <summary>A value in ONNX's order.</summary>
    public GraphTensor Standard(ImportedValue value) => As(value, Identity(value.Rank));

    /// <summary>A value as it lies in memory, in whatever order.</summary>
    public GraphTensor InMemoryOrder(ImportedValue value) => value.Info is { } info ? TensorOf(info) : Standard(value);

    /// <summary>A value with the dimensions and the layout of another.</summary>
    public static ImportedValue Like(ImportedValue other, GraphTensor tensor) => new(tensor.Info!, other.Dimensions, other.Layout!);

    /// <summary>
    /// The order in which the dimensions of a value lie in memory; of dimensions that lie in parts, the one that moves least.
    /// </summary>
    public static int[] OrderOf(ImportedValue value) =>
        value.Layout is { } layout ? layout.Order() ?? layout.NearestOrder() : Identity(value.Rank);

    /// <summary>0, 1, 2, …</summary>
    public static int[] Identity(int rank) => [.. Enumerable.Range(0, rank)];

    /// <summary>Batch, spatial dimensions, channels: how images lie in memory here.</summary>
    public static int[] ChannelsLast(int rank) => [0, .. Enumerable.Range(2, rank - 2), 1];

    /// <summary>The same memory under other dimensions.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="name">What an operation for it is called, unless the tensor's own operation is; null for the name of
    /// that with <c>.view</c>.</param>
    public GraphTensor View(GraphTensor tensor, Shape shape, string? name = null)
    {
        if (tensor.Shape == shape)
            return tensor;
        if (tensor.Constant is { } constant)
            return tensor with { Shape = shape, Constant = new OnnxTensor(tensor.Type, constant.Bytes, shape.Dimensions.ToArray()) };
        string view = name is null || name == tensor.Info!.Name ? $"{tensor.Info!.Name}.view" : name;
        if (!tensor.IsBatched)
            return Emit(new ReshapeWholeOperation(shape), view, tensor);
        if (shape.Rank < 2 || shape[0] != 1)
            throw new NotBatchedException($"'{NodeName}' merges samples");
        if (shape.Rank == 2 && tensor.Shape.Rank > 2)
            return Emit(new FlattenOperation(), view, tensor);
        return Emit(new ReshapeOperation(shape.Dimensions[1..].ToArray()), view, tensor);
    }

    /// <summary>Adds an operation, or computes it where all inputs are constant.</summary>
    public GraphTensor Emit(Operation operation, params IReadOnlyList<GraphTensor> inputs) => Emit(operation, NodeName, inputs);

    /// <summary>Adds an operation with a name, or computes it where all inputs are constant.</summary>
    public GraphTensor Emit(Operation operation, string name, params IReadOnlyList<GraphTensor> inputs) =>
        EmitWith(operation, name, inputs, []);

    /// <summary>Adds an operation with parameters.</summary>
    public GraphTensor EmitWith(Operation operation, IReadOnlyList<GraphTensor> inputs, IReadOnlyList<Weight> parameters) =>
        EmitWith(operation, NodeName, inputs, parameters);

    /// <summary>A value of the model from a tensor whose dimensions lie in some order in memory.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="dimensions">The dimensions in ONNX's order.</param>
    /// <param name="order">Which of them lies where in memory, outermost first.</param>
    public ImportedValue ToValue(GraphTensor tensor, int[] dimensions, int[] order)
    {
        if (tensor.Info is { } info)
            return new ImportedValue(info, dimensions, Layout.Of(dimensions, order, tensor.IsBatched));
        var inverse = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
            inverse[order[i]] = i;
        GraphTensor standard = Move(tensor, inverse);
        return new ImportedValue(new OnnxTensor(tensor.Type, standard.Constant!.Bytes, dimensions), tensor.DependsOnShape);
    }

    /// <summary>A value of the model from a tensor in ONNX's order.</summary>
    public ImportedValue ToValue(GraphTensor tensor, int[] dimensions) => ToValue(tensor, dimensions, Identity(dimensions.Length));

    /// <summary>A constant without elements.</summary>
    public static ImportedValue Empty(ElementType type, int[] dimensions) =>
        new(OnnxTensor.Allocate(type, dimensions), dependsOnShape: true);

    /// <summary>The graph.</summary>
    /// <param name="outputs">The values that callers receive, and their names.</param>
    /// <param name="order">Which dimension of a value lies where in the caller's memory.</param>
    /// <param name="images">How the images of an output lie there, for a name and a rank.</param>
    public Graph Build(IReadOnlyList<(string Name, ImportedValue Value)> outputs, Func<string, ImportedValue, int[]> order,
        Func<string, int, ImageOrder> images)
    {
        var infos = new List<ValueInfo>();
        foreach ((string name, ImportedValue value) in outputs)
        {
            NodeName = name;
            if (isBatched && !value.IsBatched)
                throw new NotBatchedException($"the output '{name}' is the same for all samples");
            infos.Add(InfoOf(As(value, order(name, value))) with { Name = name, Images = images(name, value.Rank) });
        }

        if (infos.Sum(info => info.FloatsFor(1) * sizeof(float)) > limits.MaxRunBytes)
            throw TooLarge("all outputs together", $"{limits.MaxRunBytes} bytes", nameof(OnnxImportOptions.MaxRunBytes));
        return new Graph([.. _inputs], infos, _nodes, _values);
    }

    private static int[] Select(ReadOnlySpan<int> order, int[] dimensions)
    {
        var selected = new int[order.Length];
        for (int i = 0; i < selected.Length; i++)
            selected[i] = dimensions[order[i]];
        return selected;
    }

    private static bool IsIdentity(ReadOnlySpan<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            if (order[i] != i)
                return false;
        }

        return true;
    }

    private static GraphTensor TensorOf(ValueInfo info) => new(info.ShapeFor(1), info.Type) { Info = info };

    private GraphTensor Move(GraphTensor constant, int[] order) =>
        IsIdentity(order) || constant.Shape.Dimensions.Length == 1 ? constant : Emit(new TransposeOperation(order), constant);

    private GraphTensor EmitWith(Operation operation, string name, IReadOnlyList<GraphTensor> inputs, IReadOnlyList<Weight> parameters)
    {
        ElementType type = operation.InferType(name, [.. inputs.Select(input => input.Type)]);
        Shape[] shapes = [.. inputs.Select(input => input.Shape)];
        Shape shape = operation.InferShape(name, shapes);
        if (parameters.Count == 0 && inputs.All(input => input.Constant is not null))
        {
            CountFolded(type, shape.ElementCount);
            _foldedMultiplyAdds += operation.CountMultiplyAdds(name, shapes);
            if (_foldedMultiplyAdds > limits.MaxFoldedMultiplyAdds)
                throw TooLarge("computing its constants at load", $"{limits.MaxFoldedMultiplyAdds} multiply-adds",
                    nameof(OnnxImportOptions.MaxFoldedMultiplyAdds));
            return new GraphTensor(shape, type)
            {
                Constant = ConstantFolding.Evaluate(operation, name, inputs, type, shape),
                DependsOnShape = inputs.Any(input => input.DependsOnShape),
            };
        }

        RequireFits(type, shape.Dimensions);
        bool isBatchedNode = inputs.Any(input => input.IsBatched);
        if (isBatched && inputs.Any(input => input.Constant is not null && input.DependsOnShape))
            throw new NotBatchedException($"'{name}' computes with numbers that depend on the shape");
        if (isBatchedNode && !operation.KeepsBatch(shapes, [.. inputs.Select(input => !input.IsBatched)]))
            throw new NotBatchedException($"'{name}' does not work sample by sample");
        string unique = Unique(name);
        ValueInfo[] values = [.. inputs.Select(InfoOf)];
        var output =
            new ValueInfo(_values++, unique, isBatchedNode ? shape.WithoutBatch() : shape) { IsWhole = !isBatchedNode, Type = type };
        IReadOnlyList<ParameterInfo> infos = parameters.Count == 0 ? [] : operation.DescribeParameters(unique, shapes);
        _nodes.Add(new Node(unique, operation, values, output, [.. infos.Select((info, i) => ParameterOf(info, parameters[i]))]));
        return TensorOf(output);
    }

    private void CountFolded(ElementType type, long? count)
    {
        _foldedBytes += (count ?? int.MaxValue) * ElementTypes.SizeOf(type);
        if (_foldedBytes > limits.MaxFoldedBytes)
            throw TooLarge("computing its constants at load", $"{limits.MaxFoldedBytes} bytes", nameof(OnnxImportOptions.MaxFoldedBytes));
    }

    private DataFormatException TooLarge(string what, string limit, string option) =>
        new($"'{FileName}': at the node of '{NodeName}', {what} would take more than the {limit} that OnnxImportOptions.{option} allows.");

    private Parameter ParameterOf(ParameterInfo info, Weight weight)
    {
        string key = $"{NodeIndex} {info.Name} {info.Shape} {weight.Variant}";
        if (!weight.DependsOnShape && weights.TryGetValue(key, out Parameter? known))
            return known;
        if (OnnxTensor.CountOf(weight.Dimensions) != info.Shape.ElementCount)
            throw new DataFormatException($"'{FileName}': '{NodeName}': a weight is [{string.Join(", ", weight.Dimensions)}]; " +
                $"expected {info.Shape.ElementCount} elements.");
        var parameter = new Parameter(info, weight.Source) { Trainable = weight.IsOfModel };
        if (!weight.DependsOnShape)
            weights.Add(key, parameter);
        return parameter;
    }

    private ValueInfo InfoOf(GraphTensor tensor)
    {
        if (tensor.Info is { } info)
            return info;
        OnnxTensor constant = tensor.Constant!;
        if (_constants.TryGetValue(constant, out ValueInfo? known) && known.Shape == tensor.Shape)
            return known;
        var values = new float[ElementTypes.FloatsFor(tensor.Type, tensor.Shape.ElementCount)];
        constant.Bytes.Span.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        string name = Unique($"{NodeName}.constant");
        var value = new ValueInfo(_values++, name, tensor.Shape) { IsWhole = true, Type = tensor.Type };
        _nodes.Add(new Node(name, new ConstantOperation(tensor.Type, tensor.Shape, values), [], value, []));
        return _constants[constant] = value;
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
            unique = $"{name}.{i}";
        return unique;
    }
}

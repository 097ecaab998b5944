using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Reading;

/// <summary>Checks graphs: that every value is written once, and before it is used.</summary>
/// <param name="file">What messages call the file.</param>
/// <param name="operators">Checks the operators of nodes.</param>
internal sealed class GraphChecker(string file, OperatorChecker operators)
{
    /// <summary>Checks the graph of a model and those in it, and puts their nodes in order.</summary>
    /// <param name="graph">The graph.</param>
    /// <exception cref="DataFormatException">A graph breaks a rule.</exception>
    /// <exception cref="NotSupportedException">A graph has what is not supported.</exception>
    public void CheckModel(GraphProto graph)
    {
        if (graph.Output.Count == 0)
            throw new DataFormatException($"'{file}': the graph has no outputs; expected at least one.");
        HashSet<string> weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (ValueInfoProto input in graph.Input)
            CheckType(input, "input", isNeeded: !weights.Contains(input.Name));
        foreach (ValueInfoProto output in graph.Output)
            CheckType(output, "output", isNeeded: false);
        CheckGraph(graph, null);
    }

    private void CheckGraph(GraphProto graph, GraphScope? outer)
    {
        if (graph.SparseInitializer.Count > 0)
            throw new NotSupportedException($"'{file}': the initializer {Excerpt.Of(graph.SparseInitializer[0].Values?.Name ?? "")} is " +
                "sparse; sparse tensors are not supported.");
        if (graph.QuantizationAnnotation.Count > 0)
            throw new NotSupportedException($"'{file}': the tensor {Excerpt.Of(graph.QuantizationAnnotation[0].TensorName)} has a " +
                "quantization annotation; quantized models are not supported.");
        var scope = new GraphScope(outer);
        AddInputs(graph, scope);
        CheckWritten(graph, scope);
        NodeOrder.Sort(graph, file);
        foreach (NodeProto node in graph.Node)
            CheckNode(node, scope);
        var outputs = new HashSet<string>(StringComparer.Ordinal);
        foreach (ValueInfoProto output in graph.Output)
        {
            if (!scope.Holds(output.Name))
                throw new DataFormatException($"'{file}': nothing writes the graph's output {Excerpt.Of(output.Name)}; expected a node, " +
                    "an input or an initializer of that name.");
            if (!outputs.Add(output.Name))
                throw new DataFormatException($"'{file}': the graph lists the output {Excerpt.Of(output.Name)} twice; expected it once.");
        }
    }

    private void AddInputs(GraphProto graph, GraphScope scope)
    {
        foreach (ValueInfoProto input in graph.Input)
        {
            if (input.Name.Length == 0)
                throw new DataFormatException($"'{file}': the graph has an input without a name; expected one.");
            if (!scope.TryAdd(input.Name))
                throw new DataFormatException($"'{file}': the graph lists the input {Excerpt.Of(input.Name)} twice; expected it once.");
        }

        // An initializer that is also an input is that input's default.
        var initializers = new HashSet<string>(StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (tensor.Name.Length == 0)
                throw new DataFormatException($"'{file}': the graph has an initializer without a name; expected one.");
            if (!initializers.Add(tensor.Name))
                throw new DataFormatException(
                    $"'{file}': the graph holds the initializer {Excerpt.Of(tensor.Name)} twice; expected it once.");
            TensorChecker.Check(tensor, $"'{file}': tensor {Excerpt.Of(tensor.Name)}");
            scope.TryAdd(tensor.Name);
        }
    }

    private void CheckWritten(GraphProto graph, GraphScope scope)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (NodeProto node in graph.Node)
        {
            foreach (string output in node.Output)
            {
                if (output.Length > 0 && (scope.Holds(output) || !written.Add(output)))
                    throw new DataFormatException($"'{file}': {NodeNames.Of(node)} writes the value {Excerpt.Of(output)}, " +
                        "which is there already; expected every value to be written once.");
            }
        }
    }

    private void CheckNode(NodeProto node, GraphScope scope)
    {
        operators.Check(node);
        foreach (string input in node.Input)
        {
            if (input.Length > 0 && !scope.Holds(input))
                throw new DataFormatException($"'{file}': {NodeNames.Of(node)} needs the value {Excerpt.Of(input)}, " +
                    "which nothing writes; expected a node, an input or an initializer of that name.");
        }

        AttributeChecker.Check(node, () => $"'{file}': {NodeNames.Of(node)}");
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.G is not null)
                CheckGraph(attribute.G, scope);
            foreach (GraphProto graph in attribute.Graphs)
                CheckGraph(graph, scope);
        }

        foreach (string output in node.Output)
        {
            if (output.Length > 0)
                scope.TryAdd(output);
        }
    }

    private void CheckType(ValueInfoProto value, string role, bool isNeeded)
    {
        TypeProto? type = value.Type;
        if (type is null || type.ValueCase == TypeProto.ValueOneofCase.None)
        {
            if (isNeeded)
                throw new DataFormatException($"'{file}': the {role} {Excerpt.Of(value.Name)} has no type; expected that of a tensor.");
            return;
        }

        if (type.ValueCase != TypeProto.ValueOneofCase.TensorType)
            throw new NotSupportedException(
                $"'{file}': the {role} {Excerpt.Of(value.Name)} is a {NameOf(type.ValueCase)}; supported are tensors.");
        if (isNeeded && type.TensorType.ElemType == 0)
            throw new DataFormatException($"'{file}': the {role} {Excerpt.Of(value.Name)} has no type of elements; expected one.");
        foreach (TensorShapeProto.Types.Dimension dimension in type.TensorType.Shape?.Dim ?? [])
        {
            // Some writers mark a dimension that is not known by −1.
            if (dimension.DimValue is < -1 or > int.MaxValue)
                throw new DataFormatException($"'{file}': the {role} {Excerpt.Of(value.Name)} has a dimension of {dimension.DimValue}; " +
                    $"expected 0 to {int.MaxValue}.");
        }
    }

    private static string NameOf(TypeProto.ValueOneofCase type) => type switch
    {
        TypeProto.ValueOneofCase.SequenceType => "sequence",
        TypeProto.ValueOneofCase.MapType => "map",
        TypeProto.ValueOneofCase.OptionalType => "optional value",
        _ => "sparse tensor",
    };
}

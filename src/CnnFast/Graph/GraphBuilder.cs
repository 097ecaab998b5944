namespace CnnFast.Graphs;

/// <summary>
/// The one way to a <see cref="Graph"/>: nodes are added in topological order, named and shape-checked as they come, and get their
/// parameters at the end, when every size is known to fit.
/// </summary>
/// <param name="reservedNames">Names that are given explicitly somewhere, which no automatic name may take.</param>
internal sealed class GraphBuilder(IEnumerable<string> reservedNames)
{
    private readonly HashSet<string> _reserved = [.. reservedNames];
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<PendingNode> _nodes = [];
    private readonly List<ValueInfo> _inputs = [];
    private int _values;

    /// <summary>Adds an input.</summary>
    /// <param name="sample">The shape of one sample.</param>
    /// <param name="name">Its name, or null for an automatic one.</param>
    public ValueInfo AddInput(Shape sample, string? name = null)
    {
        var value = new ValueInfo(_values++, TakeName(name, "input", "Input"), sample);
        _inputs.Add(value);
        return value;
    }

    /// <summary>Adds a node and infers the shape of its output.</summary>
    /// <param name="operation">What is computed.</param>
    /// <param name="inputs">Values of this builder.</param>
    /// <param name="name">The name, or null for an automatic one such as <c>conv2d_1</c>.</param>
    /// <param name="tag">Whatever the caller wants back when the parameters are filled.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">The name is taken or not allowed, or the number of inputs is wrong.</exception>
    public ValueInfo Add(Operation operation, IReadOnlyList<ValueInfo> inputs, string? name = null, object? tag = null)
    {
        string unique = TakeName(name, operation.NamePrefix, operation.Kind);
        string who = $"{operation.Kind} '{unique}'";
        if (inputs.Count < operation.MinInputs || inputs.Count > operation.MaxInputs)
            throw new ArgumentException($"{who}: {inputs.Count} {(inputs.Count == 1 ? "input was" : "inputs were")} given; expected {(operation.MinInputs == operation.MaxInputs ? $"{operation.MinInputs}" : $"at least {operation.MinInputs}")}.");
        var shapes = new Shape[inputs.Count];
        for (int i = 0; i < shapes.Length; i++)
            shapes[i] = inputs[i].Shape.WithBatch(1);
        operation.RequireInputs(unique, inputs);
        Shape output = operation.InferShape(unique, shapes);
        var value = new ValueInfo(_values++, unique, output.WithoutBatch());
        _nodes.Add(new PendingNode(operation, [.. inputs], value, operation.DescribeParameters(unique, shapes), tag));
        return value;
    }

    /// <summary>Every parameter that the graph will have, in order.</summary>
    public IEnumerable<ParameterInfo> Parameters => _nodes.SelectMany(node => node.Parameters);

    /// <summary>Creates the parameters and the graph.</summary>
    /// <param name="outputs">The values that callers receive.</param>
    /// <param name="fill">Fills the values of one parameter: which of the graph it is, the tag of its node, its values.</param>
    public Graph Build(IReadOnlyList<ValueInfo> outputs, Action<int, object?, Parameter> fill)
    {
        int index = 0;
        var nodes = new List<Node>(_nodes.Count);
        foreach (PendingNode pending in _nodes)
        {
            var parameters = new List<Parameter>(pending.Parameters.Count);
            foreach (ParameterInfo info in pending.Parameters)
            {
                var parameter = new Parameter(info);
                fill(index++, pending.Tag, parameter);
                parameters.Add(parameter);
            }

            nodes.Add(new Node(pending.Output.Name, pending.Operation, pending.Inputs, pending.Output, parameters));
        }

        return new Graph([.. _inputs], [.. outputs], nodes, _values);
    }

    private string TakeName(string? name, string prefix, string kind)
    {
        if (name is null)
        {
            do
            {
                int count = _counts.GetValueOrDefault(prefix) + 1;
                _counts[prefix] = count;
                name = prefix == "input" && count == 1 ? prefix : $"{prefix}_{count}";
            }
            while (_reserved.Contains(name));
        }

        LayerName.Check(kind, name);
        return _names.Add(name)
            ? name
            : throw new ArgumentException($"{kind} '{name}': another layer of this model has the same name; names must be unique (a layer that is applied twice needs no name of its own).");
    }

    private sealed record PendingNode(Operation Operation, IReadOnlyList<ValueInfo> Inputs, ValueInfo Output, IReadOnlyList<ParameterInfo> Parameters, object? Tag);
}

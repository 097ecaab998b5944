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
    private readonly Dictionary<string, PendingNode> _byName = [];
    private readonly List<ValueInfo> _inputs = [];
    private int _values;

    /// <summary>Adds an input.</summary>
    /// <param name="sample">The shape of one sample; of a whole value, all of it.</param>
    /// <param name="name">Its name, or null for an automatic one.</param>
    /// <param name="type">What its elements are.</param>
    /// <param name="isWhole">Whether there is one value a run.</param>
    public ValueInfo AddInput(Shape sample, string? name = null, ElementType type = ElementType.Float32, bool isWhole = false)
    {
        var value = new ValueInfo(_values++, TakeName(name, "input", "Input"), sample) { Type = type, IsWhole = isWhole };
        _inputs.Add(value);
        return value;
    }

    /// <summary>Adds a node and infers the shape of its output.</summary>
    /// <param name="operation">What is computed.</param>
    /// <param name="inputs">Values of this builder.</param>
    /// <param name="name">The name, or null for an automatic one such as <c>conv2d_1</c>.</param>
    /// <param name="tag">Whatever the caller wants back when the parameters are filled.</param>
    /// <param name="scope">What an automatic name begins with, such as <c>block1/</c>.</param>
    /// <param name="shared">A node of this builder whose parameters it shares; null for parameters of its own.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or shared parameters would have other shapes.</exception>
    /// <exception cref="ArgumentException">The name is taken or not allowed, the number of inputs is wrong, or
    /// samples would mix.</exception>
    /// <exception cref="NotSupportedException">The elements of the inputs are of types on which it does not work.</exception>
    public ValueInfo Add(Operation operation, IReadOnlyList<ValueInfo> inputs, string? name = null, object? tag = null, string scope = "",
        string? shared = null)
    {
        string unique = TakeName(name, scope + operation.NamePrefix, operation.Kind);
        string who = $"{operation.Kind} '{unique}'";
        if (inputs.Count < operation.MinInputs || inputs.Count > operation.MaxInputs)
            throw new ArgumentException($"{who}: {inputs.Count} {(inputs.Count == 1 ? "input was" : "inputs were")} given; " +
                $"expected {(operation.MinInputs == operation.MaxInputs ? $"{operation.MinInputs}" : $"at least {operation.MinInputs}")}.");
        var shapes = new Shape[inputs.Count];
        for (int i = 0; i < shapes.Length; i++)
            shapes[i] = inputs[i].ShapeFor(1);
        operation.RequireInputs(unique, inputs);
        Shape output = operation.InferShape(unique, shapes);
        ElementType type = operation.InferType(unique, [.. inputs.Select(input => input.Type)]);
        bool isWhole = inputs.All(input => input.IsWhole);
        if (!isWhole && !operation.KeepsBatch(shapes, [.. inputs.Select(input => input.IsWhole)]))
            throw new ArgumentException($"{who}: it does not work sample by sample on the shapes " +
                $"{string.Join(" and ", shapes.Take(4))}{(shapes.Length > 4 ? " and others" : "")}.");
        var value = new ValueInfo(_values++, unique, isWhole ? output : output.WithoutBatch()) { Type = type, IsWhole = isWhole };
        var node = new PendingNode(operation, [.. inputs], value, operation.DescribeParameters(unique, shapes), tag);
        if (shared is not null)
            node = Share(node, shared);
        _nodes.Add(node);
        _byName.Add(unique, node);
        return value;
    }

    /// <summary>A name that no node or input has yet: the wanted one, or the wanted one with a number from 2 on.</summary>
    public string FreeName(string wanted)
    {
        string name = wanted;
        for (int count = 2; _names.Contains(name) || _reserved.Contains(name); count++)
            name = $"{wanted}_{count}";
        return name;
    }

    /// <summary>States how the images of inputs lie in memory, by their names.</summary>
    public void SetImages(IReadOnlyDictionary<string, ImageOrder> orders)
    {
        for (int i = 0; i < _inputs.Count; i++)
            _inputs[i] = _inputs[i] with { Images = orders.GetValueOrDefault(_inputs[i].Name) };
    }

    /// <summary>Every parameter that the graph will have, in order.</summary>
    public IEnumerable<ParameterInfo> Parameters => _nodes.Where(node => node.Shared is null).SelectMany(node => node.Parameters);

    /// <summary>The nodes so far: their names and operations.</summary>
    public IEnumerable<(string Name, Operation Operation)> Nodes => _nodes.Select(node => (node.Output.Name, node.Operation));

    /// <summary>Creates the parameters and the graph.</summary>
    /// <param name="outputs">The values that callers receive.</param>
    /// <param name="fill">Fills the values of one parameter: which of the graph it is, the tag of its node, its values.</param>
    public Graph Build(IReadOnlyList<ValueInfo> outputs, Action<int, object?, Parameter> fill)
    {
        int index = 0;
        var nodes = new List<Node>(_nodes.Count);
        var built = new Dictionary<PendingNode, IReadOnlyList<Parameter>>(ReferenceEqualityComparer.Instance);
        foreach (PendingNode pending in _nodes)
        {
            if (pending.Shared is null)
            {
                var parameters = new List<Parameter>(pending.Parameters.Count);
                foreach (ParameterInfo info in pending.Parameters)
                {
                    var parameter = new Parameter(info);
                    fill(index++, pending.Tag, parameter);
                    parameters.Add(parameter);
                }

                built.Add(pending, parameters);
            }

            nodes.Add(new Node(pending.Output.Name, pending.Operation, pending.Inputs, pending.Output, built[pending.Shared ?? pending]));
        }

        return new Graph([.. _inputs], [.. outputs], nodes, _values);
    }

    private PendingNode Share(PendingNode node, string shared)
    {
        string who = $"{node.Operation.Kind} '{node.Output.Name}'";
        if (!_byName.TryGetValue(shared, out PendingNode? first) || first.Operation.Kind != node.Operation.Kind)
            throw new ArgumentException($"{who}: it shares the parameters of '{shared}', which is no {node.Operation.Kind} before it.");
        first = first.Shared ?? first;
        if (node.Parameters.Count != first.Parameters.Count)
            throw new ShapeException($"{who}: it shares the parameters of '{shared}', {first.Parameters.Count} of them; " +
                $"expected {node.Parameters.Count}.");
        for (int i = 0; i < node.Parameters.Count; i++)
        {
            if (node.Parameters[i].Shape != first.Parameters[i].Shape)
                throw new ShapeException(
                    $"{who}: it shares '{first.Parameters[i].Name}' {first.Parameters[i].Shape}, because the layer is " +
                    $"applied twice; for its input it would be {node.Parameters[i].Shape}.");
        }

        return node with { Shared = first };
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
            while (_reserved.Contains(name) || _names.Contains(name));
        }

        LayerName.Check(kind, name);
        return _names.Add(name)
            ? name
            : throw new ArgumentException($"{kind} '{name}': another layer of this model has the same name; " +
                "names must be unique.");
    }

    private sealed record PendingNode(Operation Operation, IReadOnlyList<ValueInfo> Inputs, ValueInfo Output,
        IReadOnlyList<ParameterInfo> Parameters, object? Tag)
    {
        /// <summary>The node that holds the parameters; null where it holds its own.</summary>
        public PendingNode? Shared { get; init; }
    }
}

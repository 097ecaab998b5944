using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>
/// Interprets a graph in double with the naive reference functions, forward and backward. In absolute mode it runs over absolute values and
/// through every activation: the magnitudes that rounding errors are bounded by.
/// </summary>
internal sealed class ReferenceModel
{
    private readonly Graph _graph;
    private readonly ReferenceNode[] _nodes;
    private readonly double[]?[] _values;
    private readonly double[]?[] _gradients;

    /// <summary>An interpreter with the parameters as they are now.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="absolute">Whether it computes magnitudes.</param>
    public ReferenceModel(Graph graph, int batch, bool absolute = false)
    {
        _graph = graph;
        Batch = batch;
        IsAbsolute = absolute;
        _values = new double[graph.ValueCount][];
        _gradients = new double[graph.ValueCount][];
        _nodes = [.. graph.Nodes.Select((node, index) => new ReferenceNode(this, node, index))];
        foreach (Parameter parameter in graph.Parameters)
            Parameters[parameter.Name] = Doubles(parameter.Values);
    }

    /// <summary>Samples.</summary>
    public int Batch { get; }

    /// <summary>Whether it computes magnitudes.</summary>
    public bool IsAbsolute { get; }

    /// <summary>The exact run that an absolute one follows.</summary>
    public ReferenceModel? Exact { get; init; }

    /// <summary>In an absolute run: whether 3×3 convolutions may be Winograd's, whose errors spread over tiles.</summary>
    public bool SpreadsTiles { get; init; }

    /// <summary>Whether it runs as in training: batch normalisation takes the statistics of the batch.</summary>
    public bool Training { get; init; }

    /// <summary>With <see cref="Training"/>, the random numbers of the run, such as dropout's; null for none.</summary>
    public RandomKey? Key { get; init; }

    /// <summary>
    /// Gives the output of a node whose operation has no reference, or null where nobody knows it. Without it such a node is an error.
    /// </summary>
    public Func<Node, double[]?>? Missing { get; init; }

    /// <summary>The parameters by name; whoever writes into them computes with that.</summary>
    public Dictionary<string, double[]> Parameters { get; } = [];

    /// <summary>
    /// After <see cref="Backward(ValueInfo, double[])"/>: the gradients of the parameters that it reached, and of those that are statistics
    /// the values of the batch at the first node that holds them.
    /// </summary>
    public Dictionary<string, double[]> ParameterGradients { get; } = [];

    /// <summary>What a run has computed.</summary>
    public double[] Value(ValueInfo value) =>
        _values[value.Id] ?? throw new InvalidOperationException($"ReferenceModel: the value '{value.Name}' has not been computed.");

    /// <summary>Says what a value is, such as what kernels computed.</summary>
    public void SetValue(ValueInfo value, double[] values) => _values[value.Id] = values;

    /// <summary>Whether a value is known.</summary>
    public bool HasValue(ValueInfo value) => _values[value.Id] is not null;

    /// <summary>Runs one node on the values that are known, and says that its output is that.</summary>
    public double[] RunNode(int index)
    {
        double[] output = Run(_nodes[index]);
        _values[_nodes[index].Node.Output.Id] = output;
        return output;
    }

    /// <summary>Runs the nodes that depend on a parameter or value that the caller changed, reads something of the values, and puts the
    /// values back.</summary>
    public double WithChange(string? parameter, ValueInfo? value, Func<double> read)
    {
        var changed = new Dictionary<int, double[]?>();
        if (value is not null)
            changed.Add(value.Id, _values[value.Id]);
        foreach (ReferenceNode node in _nodes)
        {
            if (!node.Node.Inputs.Any(input => changed.ContainsKey(input.Id))
                && (parameter is null || node.Node.Parameters.All(other => other.Name != parameter)))
                continue;
            changed[node.Node.Output.Id] = _values[node.Node.Output.Id];
            _values[node.Node.Output.Id] = Run(node);
        }

        double result = read();
        foreach ((int id, double[]? before) in changed)
            _values[id] = before;
        return result;
    }

    /// <summary>The gradient of a value; null where none flowed to it.</summary>
    public double[]? Gradient(ValueInfo value) => _gradients[value.Id];

    /// <summary>A node of the run.</summary>
    public ReferenceNode NodeAt(int index) => _nodes[index];

    /// <summary>Runs a graph with one input.</summary>
    /// <returns>The first output.</returns>
    public double[] Forward(ReadOnlySpan<float> input)
    {
        SetInput(0, input);
        return Forward();
    }

    /// <summary>Sets an input for <see cref="Forward()"/>.</summary>
    public void SetInput(int index, ReadOnlySpan<float> values) => _values[_graph.Inputs[index].Id] = Doubles(values);

    /// <summary>Runs with the inputs that were set; who changes them (<see cref="Value"/>) runs with that.</summary>
    /// <returns>The first output.</returns>
    public double[] Forward()
    {
        foreach (ReferenceNode node in _nodes)
            _values[node.Node.Output.Id] = Run(node);
        return Value(_graph.Outputs[0]);
    }

    /// <summary>Computes gradients from that of one value.</summary>
    public void Backward(ValueInfo value, double[] gradient) => Backward([(value, gradient)]);

    /// <summary>Forgets all gradients.</summary>
    public void ClearGradients()
    {
        Array.Clear(_gradients);
        ParameterGradients.Clear();
    }

    /// <summary>Goes backwards through one node with a gradient of its output.</summary>
    public void RunNodeBackward(int index, double[] dy) =>
        ReferenceOperations.Require(_nodes[index].Node.Operation).Backward(_nodes[index], [.. dy]);

    /// <summary>Computes gradients from those of some values, most often the outputs.</summary>
    public void Backward(IEnumerable<(ValueInfo Value, double[] Gradient)> from)
    {
        ClearGradients();
        foreach ((ValueInfo value, double[] gradient) in from)
            AddGradient(value, gradient);
        for (int index = _nodes.Length - 1; index >= 0; index--)
        {
            if (_gradients[_nodes[index].Node.Output.Id] is { } dy)
                RunNodeBackward(index, dy);
        }
    }

    /// <summary>Adds to the gradient of a value.</summary>
    public void AddGradient(ValueInfo value, double[] gradient) => Add(ref _gradients[value.Id], gradient);

    /// <summary>Adds to the gradient of a parameter.</summary>
    public void AddParameterGradient(string name, double[] gradient)
    {
        ParameterGradients.TryGetValue(name, out double[]? sum);
        Add(ref sum, gradient);
        ParameterGradients[name] = sum!;
    }

    /// <summary>
    /// Says what the batch's value of a statistic is; of several nodes that hold it, the first, which comes last, decides.
    /// </summary>
    public void SetStatistic(string name, double[] values) => ParameterGradients[name] = values;

    /// <summary>
    /// Terms of the sums on a way through the net: those of every node forward and backward, and of the longest
    /// sum over the pixels of the batch.
    /// </summary>
    public static long Terms(Graph graph, int batch) =>
        graph.Nodes.Sum(TermsOf)
            + (batch * graph.Nodes.Max(node => node.Output.SampleLength / Math.Max(1, node.Output.Shape[node.Output.Shape.Rank - 1])));

    /// <summary>Terms of the sums of a node, forward and backward.</summary>
    public static long TermsOf(Node node) =>
        ReferenceOperations.Of(node.Operation)?.Terms(node) ?? node.Inputs.Count;

    private static void Add(ref double[]? sum, double[] addend)
    {
        if (sum is null)
        {
            sum = [.. addend];
            return;
        }

        for (int i = 0; i < sum.Length; i++)
            sum[i] += addend[i];
    }

    private double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
            doubles[i] = IsAbsolute ? Math.Abs((double)values[i]) : values[i];
        return doubles;
    }

    private double[] Run(ReferenceNode node)
    {
        if (Missing is not null && ReferenceOperations.Of(node.Node.Operation) is null && Missing(node.Node) is { } given)
            return given;
        return ReferenceOperations.Require(node.Node.Operation).Forward(node);
    }
}

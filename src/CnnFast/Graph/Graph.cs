namespace CnnFast.Graphs;

/// <summary>
/// A network as data: values and the nodes that compute them, in topological order. Every description of a model (layers, the functional
/// builder, a file) becomes one of these; every way to run or train a model starts from one. Immutable but for the parameters' values.
/// </summary>
/// <param name="Inputs">The values that a caller gives.</param>
/// <param name="Outputs">The values that a caller receives.</param>
/// <param name="Nodes">The nodes; each stands after the nodes whose values it reads.</param>
/// <param name="ValueCount">The number of values; their ids are below it.</param>
internal sealed record Graph(IReadOnlyList<ValueInfo> Inputs, IReadOnlyList<ValueInfo> Outputs, IReadOnlyList<Node> Nodes, int ValueCount)
{
    /// <summary>The nodes.</summary>
    public IReadOnlyList<Node> Nodes
    {
        get;
        init
        {
            field = value;
            Parameters = ParametersOf(value);
        }
    }

    = Nodes;

    /// <summary>The parameters of all nodes, in the order of the nodes; one that nodes share comes once.</summary>
    public IReadOnlyList<Parameter> Parameters { get; private init; } = ParametersOf(Nodes);

    private static IReadOnlyList<Parameter> ParametersOf(IReadOnlyList<Node> nodes) =>
        [.. nodes.SelectMany(node => node.Parameters).Distinct()];
}

using CnnFast.Graphs;
using CnnFast.Storage;

namespace CnnFast;

/// <summary>
/// Puts the layers of finished models into a graph that is being built. The new graph has copies of their parameters; a model that is put
/// in twice shares one copy.
/// </summary>
internal sealed class GraphInlining(GraphBuilder builder)
{
    private readonly Dictionary<Model, Graph> _graphs = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Parameter, string> _holders = [];

    /// <summary>Adds the layers of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">What it reads, values of the builder.</param>
    /// <param name="scope">What the names of its layers begin with.</param>
    /// <returns>Its outputs.</returns>
    /// <exception cref="ShapeException">An input has another shape than the model's.</exception>
    public IReadOnlyList<ValueInfo> Add(Model model, IReadOnlyList<ValueInfo> inputs, string scope)
    {
        Graph graph = GraphOf(model);
        RequireInputs(model, graph, inputs);
        var values = new Dictionary<int, ValueInfo>();
        for (int i = 0; i < inputs.Count; i++)
            values.Add(graph.Inputs[i].Id, inputs[i]);
        foreach (Node node in graph.Nodes)
        {
            string name = builder.FreeName(scope + node.Name);
            string? shared = node.Parameters.Count > 0 ? _holders.GetValueOrDefault(node.Parameters[0]) : null;
            values.Add(node.Output.Id, builder.Add(node.Operation, [.. node.Inputs.Select(value => values[value.Id])], name, node,
                shared: shared));
            foreach (Parameter parameter in node.Parameters)
                _holders.TryAdd(parameter, name);
        }

        return [.. graph.Outputs.Select(output => values[output.Id])];
    }

    /// <summary>Fills a parameter of the new graph from the node that it was put in from.</summary>
    public static void Fill(Node from, Parameter parameter) =>
        parameter.TakeFrom(from.Parameters.First(old => RoleOf(old) == RoleOf(parameter)));

    /// <summary>The graph of a model as it is put in: with names that files allow.</summary>
    public Graph GraphOf(Model model)
    {
        if (!_graphs.TryGetValue(model, out Graph? graph))
            _graphs.Add(model, graph = LayerModel.From(model).Graph);
        return graph;
    }

    private static string RoleOf(Parameter parameter) => parameter.Name[parameter.Name.LastIndexOf('.')..];

    private static void RequireInputs(Model model, Graph graph, IReadOnlyList<ValueInfo> inputs)
    {
        string who = model.Name is null ? "Model.Apply" : $"Model.Apply of '{model.Name}'";
        if (inputs.Count != graph.Inputs.Count)
            throw new ArgumentException($"{who}: {inputs.Count} inputs were given; expected {graph.Inputs.Count}.");
        for (int i = 0; i < inputs.Count; i++)
        {
            ValueInfo expected = graph.Inputs[i];
            if (inputs[i].Shape != expected.Shape || inputs[i].IsWhole != expected.IsWhole || inputs[i].Type != expected.Type)
                throw new ShapeException(
                    $"{who}: its input '{expected.Name}' is given {Describe(inputs[i])}; expected {Describe(expected)}.");
        }

        static string Describe(ValueInfo value) => $"{ShapeText.Of(value.Shape, !value.IsWhole)} of {value.Type}";
    }
}

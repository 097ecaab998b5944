using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>Which steps and inputs a value comes from, past the nodes that need no step.</summary>
internal sealed class ValueSources
{
    private readonly Graph _graph;
    private readonly Dictionary<int, IReadOnlyList<string>> _names = [];
    private int _next;

    public ValueSources(Graph graph)
    {
        _graph = graph;
        foreach (ValueInfo input in graph.Inputs)
            _names[input.Id] = [input.Name];
    }

    /// <summary>Notes that a node is a step; the nodes come in order.</summary>
    /// <returns>What it reads.</returns>
    public IReadOnlyList<string> Run(int index)
    {
        PassOver(index);
        IReadOnlyList<string> reads = Read(_graph.Nodes[index]);
        _names[_graph.Nodes[index].Output.Id] = [_graph.Nodes[index].Name];
        _next = index + 1;
        return reads;
    }

    /// <summary>Where a value comes from, after the last step.</summary>
    public IReadOnlyList<string> Of(ValueInfo value)
    {
        PassOver(_graph.Nodes.Count);
        return _names.GetValueOrDefault(value.Id, []);
    }

    private void PassOver(int end)
    {
        for (; _next < end; _next++)
            _names[_graph.Nodes[_next].Output.Id] = Read(_graph.Nodes[_next]);
    }

    private string[] Read(Node node) => [.. node.Inputs.SelectMany(input => _names.GetValueOrDefault(input.Id, [])).Distinct()];
}

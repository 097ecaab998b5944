using CnnFast.Graphs;

namespace CnnFast;

/// <summary>The part of a graph that leads to some of its layers.</summary>
internal static class SubGraph
{
    /// <summary>The graph whose outputs are what the layers compute, without the nodes that these do not need. Its inputs stay.</summary>
    /// <param name="who">Starts the sentence where something is wrong.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="layers">The names of the layers.</param>
    /// <exception cref="ArgumentException">There is no such layer, or one is named twice.</exception>
    public static Graph EndingAt(string who, Graph graph, IReadOnlyList<string> layers)
    {
        if (layers.Count == 0)
            throw new ArgumentException($"{who}: no layer was named; expected one or more.");
        var outputs = new List<ValueInfo>(layers.Count);
        foreach (string layer in layers)
        {
            Node node = graph.Nodes.FirstOrDefault(node => node.Name == layer)
                ?? throw new ArgumentException($"{who}: there is no layer '{layer}'; Model.Layers lists them.");
            if (outputs.Contains(node.Output))
                throw new ArgumentException($"{who}: the layer '{layer}' is named twice; expected each once.");
            outputs.Add(node.Output);
        }

        return WithoutDead(graph with { Outputs = outputs });
    }

    /// <summary>The graph without nodes that no output needs, such as those of a model of which not all outputs are used.</summary>
    public static Graph WithoutDead(Graph graph)
    {
        HashSet<int> needed = [.. graph.Outputs.Select(output => output.Id)];
        var nodes = new List<Node>();
        foreach (Node node in graph.Nodes.Reverse())
        {
            if (!needed.Contains(node.Output.Id))
                continue;
            nodes.Add(node);
            foreach (ValueInfo input in node.Inputs)
                needed.Add(input.Id);
        }

        nodes.Reverse();
        return nodes.Count == graph.Nodes.Count ? graph : graph with { Nodes = nodes };
    }
}

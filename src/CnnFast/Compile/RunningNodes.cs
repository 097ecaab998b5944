using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>Which nodes have to run for some values: those that they depend on, views left out.</summary>
internal static class RunningNodes
{
    /// <summary>The indices of the nodes, in the order in which they run.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="outputs">The values to compute.</param>
    /// <param name="roots">The owner of every value's memory, from <see cref="ValueRoots.Of"/>.</param>
    /// <param name="training">Whether the nodes run for training.</param>
    public static List<int> Of(Graph graph, IReadOnlyList<ValueInfo> outputs, int[] roots, bool training)
    {
        HashSet<int> needed = [.. outputs.Select(output => roots[output.Id])];
        var running = new List<int>();
        for (int index = graph.Nodes.Count - 1; index >= 0; index--)
        {
            Node node = graph.Nodes[index];
            if (node.Operation.IsView(training) || !needed.Contains(node.Output.Id))
                continue;
            running.Add(index);
            foreach (ValueInfo input in node.Inputs)
                needed.Add(roots[input.Id]);
        }

        running.Reverse();
        return running;
    }
}

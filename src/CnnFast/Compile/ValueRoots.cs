using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>Which value owns the memory of each value: views share that of the value they look at.</summary>
internal static class ValueRoots
{
    /// <summary>The owner of every value, by id.</summary>
    public static int[] Of(Graph graph, bool training)
    {
        var roots = new int[graph.ValueCount];
        for (int id = 0; id < roots.Length; id++)
            roots[id] = id;
        foreach (Node node in graph.Nodes)
        {
            if (node.Operation.IsView(training))
                roots[node.Output.Id] = roots[node.Inputs[0].Id];
        }

        return roots;
    }
}

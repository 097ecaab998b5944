using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>
/// Which values have to be gone through backwards: those that depend on a trainable parameter or on what is asked for, and that an output
/// depends on smoothly.
/// </summary>
internal static class GradientNeedsAnalysis
{
    /// <summary>For every value, whether its gradient is wanted; those of some values are asked for.</summary>
    public static bool[] Values(Graph graph, IReadOnlyList<ValueInfo> asked)
    {
        var depends = new bool[graph.ValueCount];
        int[] roots = ValueRoots.Of(graph, training: true);
        // A view has the gradient of what it looks at: all of it, whoever else reads that.
        foreach (ValueInfo value in asked)
            depends[value.Id] = depends[roots[value.Id]] = true;
        foreach (Node node in graph.Nodes)
            depends[node.Output.Id] |= HasGradients(node) || (GoesThrough(node) && node.Inputs.Any(input => depends[input.Id]));
        bool[] reached = Reached(graph);
        for (int id = 0; id < depends.Length; id++)
            depends[id] &= reached[id];
        return depends;
    }

    /// <summary>Whether a node has a backward step: something before it or of its own is wanted, not what it computes alone.</summary>
    public static bool GoesBack(Node node, bool[] wantedValues) =>
        HasGradients(node) || (GoesThrough(node) && node.Inputs.Any(input => wantedValues[input.Id]));

    /// <summary>What the steps of a node have to compute.</summary>
    public static GradientNeeds Of(Node node, bool[] wantedValues) =>
        (node.Inputs.Any(input => wantedValues[input.Id]) ? GradientNeeds.Inputs : GradientNeeds.None)
        | (HasGradients(node) ? GradientNeeds.Parameters : GradientNeeds.None)
        | (node.Parameters.Any(parameter => parameter.Trainable && parameter.Info.IsStatistic)
            ? GradientNeeds.Statistics
            : GradientNeeds.None);

    /// <summary>Throws unless a gradient reaches every trainable parameter that the outputs depend on.</summary>
    /// <param name="who">Starts the sentence.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="running">The nodes that the outputs depend on.</param>
    /// <exception cref="NotSupportedException">One depends on a parameter through what has no gradient alone.</exception>
    public static void Require(string who, Graph graph, IEnumerable<int> running)
    {
        bool[] reached = Reached(graph);
        foreach (int index in running)
        {
            Node node = graph.Nodes[index];
            if (reached[node.Output.Id] || !HasGradients(node))
                continue;
            Parameter parameter = node.Parameters.First(parameter => parameter.Trainable && !parameter.Info.IsStatistic);
            Node end = EndOf(graph, index);
            throw new NotSupportedException($"{who}: the output depends on '{parameter.Name}' through {end.Operation.Kind} '{end.Name}', " +
                "which has no gradient: only what follows it can be trained, with Trainable of all parameters before it set to false.");
        }
    }

    // Which values an output depends on smoothly.
    private static bool[] Reached(Graph graph)
    {
        var reached = new bool[graph.ValueCount];
        foreach (ValueInfo output in graph.Outputs)
            reached[output.Id] = output.Type == ElementType.Float32;
        foreach (Node node in graph.Nodes.Reverse().Where(node => reached[node.Output.Id] && GoesThrough(node)))
        {
            foreach (ValueInfo input in node.Inputs)
                reached[input.Id] |= input.Type == ElementType.Float32;
        }

        return reached;
    }

    private static bool GoesThrough(Node node) => node.Operation.HasGradient && node.Output.Type == ElementType.Float32;

    // Where the way of a value that is not reached ends first.
    private static Node EndOf(Graph graph, int index)
    {
        HashSet<int> after = [graph.Nodes[index].Output.Id];
        for (int next = index + 1; next < graph.Nodes.Count; next++)
        {
            Node node = graph.Nodes[next];
            if (!node.Inputs.Any(input => after.Contains(input.Id)))
                continue;
            if (!GoesThrough(node))
                return node;
            after.Add(node.Output.Id);
        }

        return graph.Nodes[index];
    }

    private static bool HasGradients(Node node) => node.Parameters.Any(parameter => parameter.Trainable && !parameter.Info.IsStatistic);
}

using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>Which nodes have to be gone through backwards: those that hold a trainable parameter, or read what depends on one or is asked for.</summary>
internal static class GradientNeedsAnalysis
{
    /// <summary>For every value, whether its gradient is wanted; views share the answer of what they look at.</summary>
    public static bool[] Values(Graph graph) => Values(graph, []);

    /// <summary>The same where gradients of some values are asked for.</summary>
    public static bool[] Values(Graph graph, IReadOnlyList<ValueInfo> asked)
    {
        var wanted = new bool[graph.ValueCount];
        foreach (ValueInfo value in asked)
            wanted[value.Id] = true;
        foreach (Node node in graph.Nodes)
            wanted[node.Output.Id] |= HasGradients(node) || node.Inputs.Any(input => wanted[input.Id]);
        return wanted;
    }

    /// <summary>What the steps of a node have to compute.</summary>
    public static GradientNeeds Of(Node node, bool[] wantedValues) =>
        (node.Inputs.Any(input => wantedValues[input.Id]) ? GradientNeeds.Inputs : GradientNeeds.None)
        | (HasGradients(node) ? GradientNeeds.Parameters : GradientNeeds.None)
        | (node.Parameters.Any(parameter => parameter.Trainable && parameter.Info.IsStatistic)
            ? GradientNeeds.Statistics
            : GradientNeeds.None);

    private static bool HasGradients(Node node) => node.Parameters.Any(parameter => parameter.Trainable && !parameter.Info.IsStatistic);
}

using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>Which nodes have to be gone through backwards: those that hold a trainable parameter or read what depends on one.</summary>
internal static class GradientNeedsAnalysis
{
    /// <summary>For every value, whether its gradient is wanted; views share the answer of what they look at.</summary>
    public static bool[] Values(Graph graph)
    {
        var wanted = new bool[graph.ValueCount];
        foreach (Node node in graph.Nodes)
            wanted[node.Output.Id] = node.Parameters.Any(parameter => parameter.Trainable) || node.Inputs.Any(input => wanted[input.Id]);
        return wanted;
    }

    /// <summary>What the backward step of a node has to compute.</summary>
    public static GradientNeeds Of(Node node, bool[] wantedValues) =>
        (node.Inputs.Any(input => wantedValues[input.Id]) ? GradientNeeds.Inputs : GradientNeeds.None)
        | (node.Parameters.Any(parameter => parameter.Trainable) ? GradientNeeds.Parameters : GradientNeeds.None);
}

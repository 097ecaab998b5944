namespace CnnFast.Graphs;

/// <summary>What stands at the end of a graph, behind views and dropout.</summary>
internal static class GraphEnd
{
    /// <summary>The node that computes a value, looked for through views and dropout; null where it is an input.</summary>
    public static Node? LastOf(Graph graph, ValueInfo value)
    {
        for (int index = graph.Nodes.Count - 1; index >= 0; index--)
        {
            Node node = graph.Nodes[index];
            if (node.Output.Id != value.Id)
                continue;
            if (!node.Operation.IsView(training: false))
                return node;
            value = node.Inputs[0];
        }

        return null;
    }

    /// <summary>The activation that an operation is or ends in, such as <c>Softmax</c>; null where there is none.</summary>
    public static string? ActivationOf(Operation? operation) => operation switch
    {
        SoftmaxOperation or LogSoftmaxOperation or FunctionOperation or PReLUOperation or UnaryOperation => operation.Kind,
        IConvolution { Activation: not Activation.None } convolution => convolution.Activation.ToString(),
        _ => null,
    };
}

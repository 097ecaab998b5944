namespace CnnFast.Graphs;

/// <summary>Where a forward step finds its values.</summary>
/// <param name="Inputs">Where its inputs are.</param>
/// <param name="Output">Where its output goes.</param>
/// <param name="NodeIndex">The node's position in the graph.</param>
internal sealed record ForwardOperands(Operand[] Inputs, Operand Output, int NodeIndex)
{
    /// <summary>Which stream of the training's random numbers is the node's: its position, unless nodes before it were merged.</summary>
    public int Stream { get; init; } = NodeIndex;

    /// <summary>What a run of the step counts as its samples where its output is a whole value; else 0.</summary>
    public int Samples { get; init; }

    /// <summary>Where its constants are in the plan's buffer, in floats.</summary>
    public int ConstantOffset { get; init; }

    /// <summary>Floats of its constants.</summary>
    public int ConstantLength { get; init; }

    /// <summary>In training, where the gradients of the node's parameters go: offset and length in floats.</summary>
    public (int Offset, int Length)[] ParameterGradients { get; init; } = [];
}

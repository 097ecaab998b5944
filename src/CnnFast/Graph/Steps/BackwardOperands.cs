namespace CnnFast.Graphs;

/// <summary>Where a backward step finds its values and gradients.</summary>
/// <param name="Inputs">What the forward run read.</param>
/// <param name="Output">What it computed.</param>
/// <param name="InputGradients">Where the gradients of the inputs go; <see cref="Operand.None"/> where not wanted.</param>
/// <param name="OutputGradient">The gradient of the output.</param>
/// <param name="NodeIndex">The node's position in the graph.</param>
internal sealed record BackwardOperands(Operand[] Inputs, Operand Output, Operand[] InputGradients, Operand OutputGradient, int NodeIndex)
{
    /// <summary>Which stream of the training's random numbers is the node's: its position, unless nodes before it were merged.</summary>
    public int Stream { get; init; } = NodeIndex;

    /// <summary>What a run of the step counts as its samples where its output is a whole value; else 0.</summary>
    public int Samples { get; init; }

    /// <summary>Where its constants are in the plan's buffer, in floats.</summary>
    public int ConstantOffset { get; init; }

    /// <summary>Floats of its constants.</summary>
    public int ConstantLength { get; init; }

    /// <summary>Where the gradients of the parameters go: offset and length in floats.</summary>
    public required (int Offset, int Length)[] ParameterGradients { get; init; }
}

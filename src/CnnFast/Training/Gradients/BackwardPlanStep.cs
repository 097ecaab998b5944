using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>A backward step with the places of its values and gradients.</summary>
/// <param name="Step">What runs.</param>
/// <param name="Node">The node.</param>
/// <param name="NodeIndex">Its position in the graph.</param>
/// <param name="Operands">Where values and gradients are.</param>
/// <param name="Accumulations">Gradients to be added to another after the step: several consumers of one value sum up.</param>
/// <param name="ConstantOffset">Where its constants are in the plan's buffer, in floats.</param>
internal sealed record BackwardPlanStep(BackwardStep Step, Node Node, int NodeIndex, BackwardOperands Operands, (Operand Target, Operand Addend)[] Accumulations, int ConstantOffset)
{
    /// <summary>Floats of its constants.</summary>
    public int ConstantLength { get; } = Step.ConstantLength;
}

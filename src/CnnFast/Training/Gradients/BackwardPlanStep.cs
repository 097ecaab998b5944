using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>A backward step with the places of its values and gradients.</summary>
/// <param name="Step">What runs.</param>
/// <param name="Operands">Where values, gradients and constants are.</param>
/// <param name="Accumulations">Gradients to be added to another after the step: several consumers of one value sum up.</param>
/// <param name="Copies">Gradients to be copied before the step, which may overwrite them.</param>
internal sealed record BackwardPlanStep(BackwardStep Step, BackwardOperands Operands, (Operand Target, Operand Addend)[] Accumulations,
    (Operand From, Operand To)[] Copies)
{
    /// <summary>The part of a plan's constants that is the step's.</summary>
    public Span<float> ConstantsIn(Span<float> all) => all.Slice(Operands.ConstantOffset, Operands.ConstantLength);
}

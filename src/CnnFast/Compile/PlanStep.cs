using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>A forward step with the places of its values.</summary>
/// <param name="Name">The node.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="Step">What runs.</param>
/// <param name="Parameters">The node's parameters.</param>
/// <param name="Operands">Where its values and constants are.</param>
internal sealed record PlanStep(string Name, string Kind, ForwardStep Step, IReadOnlyList<Parameter> Parameters, ForwardOperands Operands)
{
    /// <summary>Where its inputs are.</summary>
    public Operand[] Inputs => Operands.Inputs;

    /// <summary>Where its output goes.</summary>
    public Operand Output => Operands.Output;

    /// <summary>The node's position in the graph.</summary>
    public int NodeIndex => Operands.NodeIndex;

    /// <summary>Floats of its constants.</summary>
    public int ConstantLength => Step.ConstantLength;

    /// <summary>Multiply-adds of one sample.</summary>
    public long MultiplyAdds { get; init; }

    /// <summary>The shape of the output of one sample.</summary>
    public Shape OutputShape { get; init; }

    /// <summary>The inputs of the graph and the steps whose values it reads, by name.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>The same step with a place for its constants.</summary>
    public PlanStep WithConstants(int offset) =>
        this with { Operands = Operands with { ConstantOffset = offset, ConstantLength = ConstantLength } };

    /// <summary>The part of a plan's constants that is the step's.</summary>
    public Span<float> ConstantsIn(Span<float> all) => all.Slice(Operands.ConstantOffset, Operands.ConstantLength);
}

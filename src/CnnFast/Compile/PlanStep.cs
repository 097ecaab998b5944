using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>A forward step with the places of its values.</summary>
/// <param name="Name">The node.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="Step">What runs.</param>
/// <param name="Parameters">The node's parameters.</param>
/// <param name="Inputs">Where its inputs are.</param>
/// <param name="Output">Where its output goes.</param>
/// <param name="ConstantOffset">Where its constants are in the plan's buffer, in floats.</param>
/// <param name="NodeIndex">The node's position in the graph.</param>
internal sealed record PlanStep(string Name, string Kind, ForwardStep Step, IReadOnlyList<Parameter> Parameters, Operand[] Inputs, Operand Output, int ConstantOffset, int NodeIndex)
{
    /// <summary>What a run of the step counts as its samples where its output is a whole value; else 0.</summary>
    public int Samples { get; init; }

    /// <summary>Floats of its constants.</summary>
    public int ConstantLength { get; } = Step.ConstantLength;

    /// <summary>Multiply-adds of one sample.</summary>
    public long MultiplyAdds { get; init; }

    /// <summary>The shape of the output of one sample.</summary>
    public Shape OutputShape { get; init; }
}

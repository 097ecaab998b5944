using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast;

/// <summary>One step of a compiled model, in the order in which they run. Immutable.</summary>
/// <param name="Name">The layer, the first of those that were merged.</param>
/// <param name="Kind">What it computes, such as <c>Conv2D+BatchNormalization+ReLU</c>.</param>
/// <param name="OutputShape">The shape of one sample of its output.</param>
/// <param name="Kernel">The kernel that was chosen; null where there is none to name.</param>
/// <param name="Place">Where its output lies, in bytes: <c>arena +0</c>, <c>arena +64 pitch 256</c> inside a
/// concatenation, <c>output 1</c>.</param>
/// <param name="WeightBytes">Bytes of its packed weights.</param>
/// <param name="ScratchBytes">Bytes of scratch memory while it runs.</param>
/// <param name="MultiplyAdds">Multiply-adds of one sample, as the definition counts them (Winograd does fewer).</param>
public sealed record PlanStepInfo(
    string Name,
    string Kind,
    Shape OutputShape,
    string? Kernel,
    string Place,
    long WeightBytes,
    long ScratchBytes,
    long MultiplyAdds)
{
    /// <summary>The inputs of the model and the steps whose values it reads, by name; constants are not among them.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Whether another step says the same.</summary>
    /// <param name="other">The other step.</param>
    /// <returns>Whether all of it is equal, input for input.</returns>
    public bool Equals(PlanStepInfo? other) => other is not null && Name == other.Name && Kind == other.Kind
        && OutputShape == other.OutputShape && Kernel == other.Kernel && Place == other.Place && WeightBytes == other.WeightBytes
        && ScratchBytes == other.ScratchBytes && MultiplyAdds == other.MultiplyAdds && Inputs.SequenceEqual(other.Inputs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Kind, OutputShape, Place, WeightBytes, Inputs.Count);

    internal static PlanStepInfo Of(ExecutionPlan plan, PlanStep step) => new(
        step.Name,
        step.Kind,
        step.OutputShape,
        step.Step.KernelName,
        PlaceOf(step.Output),
        Bytes(step.ConstantLength),
        plan.WorkspaceBytesOf(step),
        step.MultiplyAdds)
    {
        Inputs = step.Reads,
    };

    // What lies inside a concatenation has pixels that are further apart than they are long.
    private static string PlaceOf(Operand operand)
    {
        string start = operand.Place switch
        {
            OperandPlace.Arena => $"arena +{Bytes((long)operand.Offset + operand.Channel)}",
            _ when operand.Channel > 0 => $"output {operand.Offset + 1} +{Bytes(operand.Channel)}",
            _ => $"output {operand.Offset + 1}",
        };
        return operand.Pitch == 0 ? start : $"{start} pitch {Bytes(operand.Pitch)}";
    }

    private static long Bytes(long floats) => floats * sizeof(float);
}

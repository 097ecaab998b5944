using CnnFast.Compile;

namespace CnnFast;

/// <summary>
/// How a model was rewritten, which steps run, and where memory goes: what <see cref="InferenceSession.DescribePlan()"/> gives. Immutable.
/// </summary>
/// <param name="Passes">What each pass of the graph compiler did, in order.</param>
/// <param name="Steps">What runs, in order.</param>
/// <param name="MaxBatch">The most samples of one run.</param>
/// <param name="ArenaBytes">Bytes of the memory that holds all activations of a run.</param>
/// <param name="MinArenaBytes">Bytes of the largest set of activations that are alive at once: no plan can take less.</param>
/// <param name="Strategy">The order of placing activations that gave the shortest arena.</param>
/// <param name="ScratchBytes">Bytes of scratch memory of a run.</param>
/// <param name="WeightBytes">Bytes of the packed weights, which all runs share.</param>
public sealed record PlanInfo(
    IReadOnlyList<PassReport> Passes,
    IReadOnlyList<PlanStepInfo> Steps,
    int MaxBatch,
    long ArenaBytes,
    long MinArenaBytes,
    string Strategy,
    long ScratchBytes,
    long WeightBytes)
{
    /// <summary>What lies in the arena, by the first step.</summary>
    public IReadOnlyList<ActivationInfo> Activations { get; init; } = [];

    internal static PlanInfo Of(ExecutionPlan plan) => new(
        plan.Passes,
        [.. plan.Steps.Select(step => PlanStepInfo.Of(plan, step))],
        plan.MaxBatch,
        (long)plan.Memory.Length * sizeof(float),
        plan.Memory.LowerBound * sizeof(float),
        plan.Memory.Strategy,
        plan.WorkspaceLength,
        plan.ConstantBytes)
    {
        Activations = plan.Activations,
    };
}

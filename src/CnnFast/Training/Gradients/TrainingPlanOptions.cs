using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>What a <see cref="TrainingPlan"/> is made for.</summary>
/// <param name="MaxBatch">The most samples of a step.</param>
/// <param name="Seed">Decides dropout.</param>
/// <param name="Scheduler">Where the work runs.</param>
/// <param name="Algorithm">How convolutions are computed.</param>
internal sealed record TrainingPlanOptions(int MaxBatch, ulong Seed, IWorkScheduler Scheduler, ConvAlgorithm Algorithm)
{
    /// <summary>Inputs and inner values that lead to an output, to be read after the step with their gradients.</summary>
    public IReadOnlyList<ValueInfo> Kept { get; init; } = [];

    /// <summary>Whether normalisation takes the moving statistics, whatever is trained.</summary>
    public bool Inference { get; init; }
}

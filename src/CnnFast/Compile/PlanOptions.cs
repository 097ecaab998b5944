namespace CnnFast.Compile;

/// <summary>What a plan is made for.</summary>
/// <param name="MaxBatch">The most samples of a run.</param>
/// <param name="Scheduler">Where the work runs.</param>
/// <param name="ConvAlgorithm">How convolutions are computed.</param>
internal sealed record PlanOptions(int MaxBatch, IWorkScheduler Scheduler, ConvAlgorithm ConvAlgorithm)
{
    /// <summary>How the graph is rewritten first.</summary>
    public IReadOnlyList<IGraphPass> Passes { get; init; } = GraphCompiler.InferencePasses;

    /// <summary>The most bytes of activations, scratch memory and packed weights of one run.</summary>
    public long MaxRunBytes { get; init; } = long.MaxValue;

    /// <summary>How exact the packed weights of dense layers are.</summary>
    public WeightPrecision WeightPrecision { get; init; }

    /// <summary>Whether packed weights keep numbers below 2⁻¹²⁶; else they are zeros.</summary>
    public bool KeepsDenormals { get; init; }

    /// <summary>Whether what goes into a concatenation is written there by its producers, where they can, rather than copied.</summary>
    public bool ConcatenatesInPlace { get; init; } = true;
}

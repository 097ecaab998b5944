namespace CnnFast.Kernels;

/// <summary>The parameter-update kernels of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed unsafe class OptimizerKernels : IKernelSet, ITierKernels<OptimizerKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<OptimizerKernels> All = Tiers.Build<OptimizerKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["Sgd", "Adam"];

    /// <summary>Weights, gradient, velocity, count, step.</summary>
    public required delegate*<float*, float*, float*, nint, SgdStep*, void> Sgd { get; init; }

    /// <summary>Weights, gradient, first moment, second moment, count, step.</summary>
    public required delegate*<float*, float*, float*, float*, nint, AdamStep*, void> Adam { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static OptimizerKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Sgd = &OptimizerLoops<L, V, I>.Sgd,
            Adam = &OptimizerLoops<L, V, I>.Adam,
        };
}

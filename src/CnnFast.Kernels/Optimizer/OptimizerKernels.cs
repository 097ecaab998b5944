namespace CnnFast.Kernels;

/// <summary>The parameter-update kernels of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed class OptimizerKernels : IKernelSet, ITierKernels<OptimizerKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<OptimizerKernels> All = Tiers.Build<OptimizerKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => [.. Updates.Select(update => update.Name)];

    /// <summary>One kernel an optimizer.</summary>
    public required IReadOnlyList<UpdateKernel> Updates { get; init; }

    /// <summary>The kernel of a rule.</summary>
    public UpdateKernel For<TRule>()
        where TRule : unmanaged, IUpdateRule => Updates.Single(update => update.Name == TRule.Name);

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static OptimizerKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Updates =
            [
                UpdateKernel.Of<SgdRule, L, V, I>(),
                UpdateKernel.Of<NesterovRule, L, V, I>(),
                UpdateKernel.Of<AdamRule, L, V, I>(),
                UpdateKernel.Of<AdamWRule, L, V, I>(),
                UpdateKernel.Of<AmsGradRule, L, V, I>(),
                UpdateKernel.Of<RmsPropRule, L, V, I>(),
                UpdateKernel.Of<CenteredRmsPropRule, L, V, I>(),
                UpdateKernel.Of<AdagradRule, L, V, I>(),
                UpdateKernel.Of<LionRule, L, V, I>(),
                UpdateKernel.Of<WeightAverageRule, L, V, I>(),
            ],
        };
}

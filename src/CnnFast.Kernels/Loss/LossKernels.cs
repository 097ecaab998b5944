namespace CnnFast.Kernels;

/// <summary>The kernels of one tier for losses that are sums over elements. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed class LossKernels : IKernelSet, ITierKernels<LossKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<LossKernels> All = Tiers.Build<LossKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => [.. Losses.Select(loss => loss.Name)];

    /// <summary>One kernel a loss.</summary>
    public required IReadOnlyList<LossKernel> Losses { get; init; }

    /// <summary>The kernel of a loss.</summary>
    public LossKernel For<TLoss>()
        where TLoss : unmanaged, IElementLoss => Losses.Single(loss => loss.Name == TLoss.Name);

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static LossKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Losses =
            [
                LossKernel.Of<SquaredErrorLoss, L, V, I>(),
                LossKernel.Of<AbsoluteErrorLoss, L, V, I>(),
                LossKernel.Of<HuberLoss, L, V, I>(),
                LossKernel.Of<BinaryCrossEntropyLoss, L, V, I>(),
                LossKernel.Of<SigmoidFocalLoss, L, V, I>(),
            ],
        };
}

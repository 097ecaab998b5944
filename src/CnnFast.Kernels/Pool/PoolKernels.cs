namespace CnnFast.Kernels;

/// <summary>The pooling kernels of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed unsafe class PoolKernels : IKernelSet, ITierKernels<PoolKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<PoolKernels> All = Tiers.Build<PoolKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["MaxPool2D", "MaxPool2DBackward", "AveragePool2D", "AveragePool2DBackward"];

    /// <summary>x at the first tap, y, run.</summary>
    public required delegate*<float*, float*, PoolRun*, void> MaxForward { get; init; }

    /// <summary>x at the first tap, y, dy, dx at the first tap, run.</summary>
    public required delegate*<float*, float*, float*, float*, PoolRun*, void> MaxBackward { get; init; }

    /// <summary>x at the first tap, y, run.</summary>
    public required delegate*<float*, float*, PoolRun*, void> AverageForward { get; init; }

    /// <summary>dy, dx at the first tap, run.</summary>
    public required delegate*<float*, float*, PoolRun*, void> AverageBackward { get; init; }

    /// <summary>
    /// The first set of the list that the limit allows here, but no vectors of twice the channels or more: they would be mostly surplus.
    /// </summary>
    public static PoolKernels Choose(int channels, IsaLevel? limit) => KernelSelection.Choose(All, channels, limit);

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static PoolKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            MaxForward = &PoolLoops<L, V, I>.MaxForward,
            MaxBackward = &PoolLoops<L, V, I>.MaxBackward,
            AverageForward = &PoolLoops<L, V, I>.AverageForward,
            AverageBackward = &PoolLoops<L, V, I>.AverageBackward,
        };
}

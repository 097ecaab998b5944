namespace CnnFast.Kernels;

/// <summary>The resizing kernel of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed unsafe class ResizeKernels : IKernelSet, ITierKernels<ResizeKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<ResizeKernels> All = Tiers.Build<ResizeKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["WeightedSum"];

    /// <summary>x, y, taps, begins, outputs, length of a position.</summary>
    public required delegate*<float*, float*, ResizeTap*, int*, nint, nint, void> WeightedSum { get; init; }

    /// <summary>
    /// The first set of the list that the limit allows here, but no vectors of twice the channels or more: they would be mostly surplus.
    /// </summary>
    public static ResizeKernels Choose(int channels, IsaLevel? limit) => KernelSelection.Choose(All, channels, limit);

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static ResizeKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            WeightedSum = &ResizeLoops<L, V, I>.WeightedSum,
        };
}

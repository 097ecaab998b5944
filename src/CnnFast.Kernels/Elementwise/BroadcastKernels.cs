namespace CnnFast.Kernels;

/// <summary>
/// Products of a matrix with one factor a column, and their gradient, one set a tier. Immutable; <see cref="All"/> is the family's list.
/// </summary>
internal sealed unsafe class BroadcastKernels : IKernelSet, ITierKernels<BroadcastKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<BroadcastKernels> All = Tiers.Build<BroadcastKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["MultiplyRows", "ColumnDot"];

    /// <summary>x, factors, y (may be x), rows, columns.</summary>
    public required delegate*<float*, float*, float*, nint, nint, void> MultiplyRows { get; init; }

    /// <summary>a, b, y, rows (at least 1), columns.</summary>
    public required delegate*<float*, float*, float*, nint, nint, void> ColumnDot { get; init; }

    /// <summary>
    /// The first set of the list that the limit allows here, but no vectors of twice the channels or more: they would be mostly surplus.
    /// </summary>
    public static BroadcastKernels Choose(int channels, IsaLevel? limit) => KernelSelection.Choose(All, channels, limit);

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static BroadcastKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            MultiplyRows = &BroadcastLoops<L, V, I>.MultiplyRows,
            ColumnDot = &BroadcastLoops<L, V, I>.ColumnDot,
        };
}

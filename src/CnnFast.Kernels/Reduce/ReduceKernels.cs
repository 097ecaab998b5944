namespace CnnFast.Kernels;

/// <summary>The reduction kernels of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed unsafe class ReduceKernels : IKernelSet, ITierKernels<ReduceKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<ReduceKernels> All = Tiers.Build<ReduceKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["ColumnSum"];

    /// <summary>x, y, rows (at least 1), columns.</summary>
    public required delegate*<float*, float*, nint, nint, void> ColumnSum { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static ReduceKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            ColumnSum = &ColumnReductions<L, V, I>.Sum,
        };
}

using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>The reduction kernels of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed unsafe class ReduceKernels : IKernelSet
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<ReduceKernels> All =
    [
        Create<Avx512Lanes, Vector512<float>, Vector512<int>>(IsaLevel.Avx512),
        Create<Avx2Lanes, Vector256<float>, Vector256<int>>(IsaLevel.Avx2),
        Create<V128Lanes, Vector128<float>, Vector128<int>>(IsaLevel.V128),
        Create<ScalarLanes, float, int>(IsaLevel.Scalar),
    ];

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

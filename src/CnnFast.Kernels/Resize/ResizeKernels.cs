using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>The resizing kernel of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed unsafe class ResizeKernels : IKernelSet
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<ResizeKernels> All =
    [
        Create<Avx512Lanes, Vector512<float>, Vector512<int>>(IsaLevel.Avx512),
        Create<Avx2Lanes, Vector256<float>, Vector256<int>>(IsaLevel.Avx2),
        Create<V128Lanes, Vector128<float>, Vector128<int>>(IsaLevel.V128),
        Create<ScalarLanes, float, int>(IsaLevel.Scalar),
    ];

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["WeightedSum"];

    /// <summary>x, y, taps, begins, outputs, length of a position.</summary>
    public required delegate*<float*, float*, ResizeTap*, int*, nint, nint, void> WeightedSum { get; init; }

    /// <summary>The first set of the list that the limit allows here, but no vectors of twice the channels or more: they would be mostly surplus.</summary>
    public static ResizeKernels Choose(int channels, IsaLevel? limit)
    {
        ResizeKernels kernels = KernelSelection.Choose(All, limit);
        return kernels.Isa == IsaLevel.Avx512 && channels <= Vector512<float>.Count / 2 ? KernelSelection.Choose(All, IsaLevel.Avx2) : kernels;
    }

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

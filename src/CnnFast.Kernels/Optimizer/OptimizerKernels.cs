using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>The parameter-update kernels of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed unsafe class OptimizerKernels : IKernelSet
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<OptimizerKernels> All =
    [
        Create<Avx512Lanes, Vector512<float>, Vector512<int>>(IsaLevel.Avx512),
        Create<Avx2Lanes, Vector256<float>, Vector256<int>>(IsaLevel.Avx2),
        Create<V128Lanes, Vector128<float>, Vector128<int>>(IsaLevel.V128),
        Create<ScalarLanes, float, int>(IsaLevel.Scalar),
    ];

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

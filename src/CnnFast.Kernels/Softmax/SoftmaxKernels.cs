namespace CnnFast.Kernels;

/// <summary>The exponential, logarithm, softmax and loss kernels of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed unsafe class SoftmaxKernels : IKernelSet, ITierKernels<SoftmaxKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<SoftmaxKernels> All = Tiers.Build<SoftmaxKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["Exp", "Log", "Softmax", "SoftmaxBackward", "CrossEntropy", "CrossEntropySoft"];

    /// <summary>x, y, count.</summary>
    public required delegate*<float*, float*, nint, void> Exp { get; init; }

    /// <summary>x, y, count.</summary>
    public required delegate*<float*, float*, nint, void> Log { get; init; }

    /// <summary>x, y, rows, classes.</summary>
    public required delegate*<float*, float*, nint, nint, void> Softmax { get; init; }

    /// <summary>y, dy, dx, rows, classes.</summary>
    public required delegate*<float*, float*, float*, nint, nint, void> SoftmaxBackward { get; init; }

    /// <summary>Rows with labels, the first, how many; returns the sum of their losses.</summary>
    public required delegate*<CrossEntropyRows*, nint, nint, double> CrossEntropy { get; init; }

    /// <summary>Rows with numbers as targets, the first, how many; returns the sum of their losses.</summary>
    public required delegate*<CrossEntropyRows*, nint, nint, double> CrossEntropySoft { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static SoftmaxKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Exp = &ElementwiseLoops<L, V, I>.Unary<Exponential>,
            Log = &ElementwiseLoops<L, V, I>.Unary<Logarithm>,
            Softmax = &SoftmaxLoops<L, V, I>.Forward,
            SoftmaxBackward = &SoftmaxLoops<L, V, I>.Backward,
            CrossEntropy = &CrossEntropyLoops<L, V, I>.Labels,
            CrossEntropySoft = &CrossEntropyLoops<L, V, I>.Targets,
        };
}

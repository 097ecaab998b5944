namespace CnnFast.Kernels;

/// <summary>The ReLU with a slope a column below 0, and its gradients, one set a tier. Immutable; <see cref="All"/> is the family's
/// list.</summary>
internal sealed unsafe class PReLUKernels : IKernelSet, ITierKernels<PReLUKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<PReLUKernels> All = Tiers.Build<PReLUKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["PReLU", "PReLUBackward", "PReLUSlopes"];

    /// <summary>x, slopes, y (may be x), rows, columns.</summary>
    public required delegate*<float*, float*, float*, nint, nint, void> Forward { get; init; }

    /// <summary>x, dy, slopes, dx (may be x or dy), rows, columns.</summary>
    public required delegate*<float*, float*, float*, float*, nint, nint, void> Backward { get; init; }

    /// <summary>x, dy, sums, rows, columns.</summary>
    public required delegate*<float*, float*, float*, nint, nint, void> SlopeSums { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static PReLUKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Forward = &PReLULoops<L, V, I>.Forward,
            Backward = &PReLULoops<L, V, I>.Backward,
            SlopeSums = &PReLULoops<L, V, I>.SlopeSums,
        };
}

namespace CnnFast.Kernels;

/// <summary>The elementwise kernels of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed unsafe class ElementwiseKernels : IKernelSet, ITierKernels<ElementwiseKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<ElementwiseKernels> All = Tiers.Build<ElementwiseKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["Add", "Multiply", "Scale", "Affine", "Dropout"];

    /// <summary>a, b, y, count.</summary>
    public required delegate*<float*, float*, float*, nint, void> Add { get; init; }

    /// <summary>a, b, y, count.</summary>
    public required delegate*<float*, float*, float*, nint, void> Multiply { get; init; }

    /// <summary>x, y, count, factor, addend; the product and the sum round separately in every tier.</summary>
    public required delegate*<float*, float*, nint, float, float, void> Affine { get; init; }

    /// <summary>x, y, count, factor.</summary>
    public required delegate*<float*, float*, nint, float, void> Scale { get; init; }

    /// <summary>x, y, count, index of the first element in the mask, mask.</summary>
    public required delegate*<float*, float*, nint, int, DropoutMask*, void> Dropout { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static ElementwiseKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Add = &ElementwiseLoops<L, V, I>.Binary<Addition>,
            Multiply = &ElementwiseLoops<L, V, I>.Binary<Multiplication>,
            Affine = &ElementwiseLoops<L, V, I>.Affine,
            Scale = &ElementwiseLoops<L, V, I>.Scale,
            Dropout = &ElementwiseLoops<L, V, I>.Dropout,
        };
}

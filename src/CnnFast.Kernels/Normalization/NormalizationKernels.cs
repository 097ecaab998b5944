namespace CnnFast.Kernels;

/// <summary>
/// The kernels of one tier that scale channels and sum over pixels, for batch normalisation, and that normalise rows. Immutable;
/// <see cref="All"/> is the family's list.
/// </summary>
internal sealed unsafe class NormalizationKernels : IKernelSet, ITierKernels<NormalizationKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<NormalizationKernels> All = Tiers.Build<NormalizationKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations =>
        ["ScaleShift", "Normalize", "SquareSum", "GradientSums", "NormalizeBackward", "RowMoments", "NormalizeRow"];

    /// <summary>x, scale, shift, y, rows, columns.</summary>
    public required delegate*<float*, float*, float*, float*, nint, nint, void> ScaleShift { get; init; }

    /// <summary>x, mean, scale, shift, y, rows, columns.</summary>
    public required delegate*<float*, float*, float*, float*, float*, nint, nint, void> Normalize { get; init; }

    /// <summary>x, mean, sums of (x − mean)², sums of x − mean, rows, columns.</summary>
    public required delegate*<float*, float*, float*, float*, nint, nint, void> SquareSum { get; init; }

    /// <summary>x, dy, mean, sums of dy, sums of dy·(x − mean), sums of x − mean, rows, columns.</summary>
    public required delegate*<float*, float*, float*, float*, float*, float*, nint, nint, void> GradientSums { get; init; }

    /// <summary>x, dy, mean, offset, slope, scale, dx, rows, columns.</summary>
    public required delegate*<float*, float*, float*, float*, float*, float*, float*, nint, nint, void> NormalizeBackward { get; init; }

    /// <summary>x, count, mean and variance.</summary>
    public required delegate*<float*, nint, double*, void> RowMoments { get; init; }

    /// <summary>x, mean, factor, scale or null, bias or null, y, count.</summary>
    public required delegate*<float*, float, float, float*, float*, float*, nint, void> NormalizeRow { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static NormalizationKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            ScaleShift = &NormalizationLoops<L, V, I>.ScaleShift,
            Normalize = &NormalizationLoops<L, V, I>.Normalize,
            SquareSum = &NormalizationLoops<L, V, I>.SquareSum,
            GradientSums = &NormalizationLoops<L, V, I>.GradientSums,
            NormalizeBackward = &NormalizationLoops<L, V, I>.NormalizeBackward,
            RowMoments = &RowNormalization<L, V, I>.Moments,
            NormalizeRow = &RowNormalization<L, V, I>.Normalize,
        };
}

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
    [
        "ScaleShift", "Normalize", "SquareSum", "GradientSums", "NormalizeBackward", "GroupBackward", "RowMoments", "NormalizeRow",
        "RowGradientSums", "NormalizeRowBackward", "AddRowGradients",
    ];

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

    /// <summary>x, dy, mean, scale, slope, offset, dx, rows, columns.</summary>
    public required delegate*<float*, float*, float*, float*, float*, float*, float*, nint, nint, void> GroupBackward { get; init; }

    /// <summary>x, count, mean and variance.</summary>
    public required delegate*<float*, nint, double*, void> RowMoments { get; init; }

    /// <summary>x, mean as a float, what it lacks, factor, scale or null, bias or null, y, count.</summary>
    public required delegate*<float*, float, float, float, float*, float*, float*, nint, void> NormalizeRow { get; init; }

    /// <summary>x, dy, mean as a float, scale or null, count, the sum of dy·scale and that of dy·scale·(x − mean).</summary>
    public required delegate*<float*, float*, float, float*, nint, double*, void> RowGradientSums { get; init; }

    /// <summary>x, dy, mean as a float, scale or null, factor, slope, offset, dx, count.</summary>
    public required delegate*<float*, float*, float, float*, float, float, float, float*, nint, void> NormalizeRowBackward { get; init; }

    /// <summary>x, dy, mean as a float, what it lacks, factor, sums for the scale, sums for the bias, count.</summary>
    public required delegate*<float*, float*, float, float, float, float*, float*, nint, void> AddRowGradients { get; init; }

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
            GroupBackward = &NormalizationLoops<L, V, I>.GroupBackward,
            RowMoments = &RowNormalization<L, V, I>.Moments,
            NormalizeRow = &RowNormalization<L, V, I>.Normalize,
            RowGradientSums = &RowNormalizationGradients<L, V, I>.Sums,
            NormalizeRowBackward = &RowNormalizationGradients<L, V, I>.Backward,
            AddRowGradients = &RowNormalizationGradients<L, V, I>.Add,
        };
}

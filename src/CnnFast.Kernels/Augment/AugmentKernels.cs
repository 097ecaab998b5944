namespace CnnFast.Kernels;

/// <summary>
/// The kernels of one tier that change images: sampling along an affine map, mixing of the channels of pixels, mixing of two images.
/// Immutable; <see cref="All"/> is the family's list.
/// </summary>
internal sealed unsafe class AugmentKernels : IKernelSet, ITierKernels<AugmentKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<AugmentKernels> All = Tiers.Build<AugmentKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["SampleRow", "MixChannels", "Blend"];

    /// <summary>Row, y, count.</summary>
    public required delegate*<SampledRow*, float*, nint, void> SampleRow { get; init; }

    /// <summary>x, weights, taps, shift, low, high, y, rows, columns.</summary>
    public required delegate*<float*, float*, nint, float*, float, float, float*, nint, nint, void> MixChannels { get; init; }

    /// <summary>a, b, share of b, y, count.</summary>
    public required delegate*<float*, float*, float, float*, nint, void> Blend { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static AugmentKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            SampleRow = &AugmentLoops<L, V, I>.SampleRow,
            MixChannels = &AugmentLoops<L, V, I>.MixChannels,
            Blend = &AugmentLoops<L, V, I>.Blend,
        };
}

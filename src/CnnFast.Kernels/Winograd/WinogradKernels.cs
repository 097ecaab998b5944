namespace CnnFast.Kernels;

/// <summary>The Winograd transforms of one tier. Immutable; <see cref="All"/> is the family's list.</summary>
internal sealed class WinogradKernels : IKernelSet, ITierKernels<WinogradKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<WinogradKernels> All = Tiers.Build<WinogradKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => [nameof(ConvAlgorithm.Winograd2), nameof(ConvAlgorithm.Winograd4)];

    /// <summary>F(2×2, 3×3).</summary>
    public required WinogradTransforms Form2 { get; init; }

    /// <summary>F(4×4, 3×3).</summary>
    public required WinogradTransforms Form4 { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static WinogradKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Form2 = WinogradTransforms.Create<WinogradForm2, L, V, I>(),
            Form4 = WinogradTransforms.Create<WinogradForm4, L, V, I>(),
        };
}

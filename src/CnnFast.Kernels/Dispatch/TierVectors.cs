namespace CnnFast.Kernels;

/// <summary>The vectors of a tier, as its lanes say.</summary>
/// <param name="Isa">The tier.</param>
/// <param name="Lanes">Floats of a vector.</param>
/// <param name="Registers">Vector registers.</param>
/// <param name="IsFused">Whether multiply-add rounds once.</param>
internal sealed record TierVectors(IsaLevel Isa, int Lanes, int Registers, bool IsFused) : ITierKernels<TierVectors>
{
    public static TierVectors Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new(isa, L.Count, L.Registers, L.IsFused);
}

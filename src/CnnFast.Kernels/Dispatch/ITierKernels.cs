namespace CnnFast.Kernels;

/// <summary>What a family holds for one tier, made from the tier's lanes. <see cref="Tiers"/> walks the tiers.</summary>
/// <typeparam name="TKernels">The family's set, or an array where a tier has several kernels.</typeparam>
internal interface ITierKernels<TKernels>
{
    /// <summary>The kernels on any implementation of the lanes.</summary>
    static abstract TKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;
}

namespace CnnFast.Kernels;

/// <summary>A function of one number with two constants, in the operations of any tier.</summary>
internal interface IActivationOperation
{
    static abstract V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;
}

namespace CnnFast.Kernels;

/// <summary>A function of one number, in the operations of any tier.</summary>
internal interface IUnaryOperation
{
    static abstract V Invoke<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;
}

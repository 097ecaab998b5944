namespace CnnFast.Kernels;

/// <summary>A function of two numbers, in the operations of any tier.</summary>
internal interface IBinaryOperation
{
    static abstract V Invoke<L, V, I>(V a, V b)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;
}

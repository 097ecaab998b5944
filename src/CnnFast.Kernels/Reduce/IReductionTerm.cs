namespace CnnFast.Kernels;

/// <summary>What a pair of elements adds to a running sum.</summary>
internal interface IReductionTerm<V>
    where V : unmanaged
{
    V Accumulate(V sum, V a, V b);
}

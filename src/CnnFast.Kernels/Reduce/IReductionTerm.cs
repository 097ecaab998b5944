namespace CnnFast.Kernels;

/// <summary>What the elements of a row add to a running sum.</summary>
internal interface IReductionTerm<V>
    where V : unmanaged
{
    /// <summary>Adds the terms of a whole vector of elements from <paramref name="i"/> on.</summary>
    V Accumulate(V sum, nint i);

    /// <summary>
    /// Adds the terms of the last <paramref name="count"/> elements, fewer than a vector, and nothing (+0) to the other lanes.
    /// </summary>
    V AccumulatePartial(V sum, nint i, nint count);
}

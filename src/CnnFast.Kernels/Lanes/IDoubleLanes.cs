namespace CnnFast.Kernels;

/// <summary>
/// Vectors of doubles for what is computed in double and rounded to floats once, such as transformed filters: half a vector of floats each.
/// Every operation rounds by itself, so all widths give the same bits.
/// </summary>
/// <typeparam name="D">Vector of doubles.</typeparam>
/// <typeparam name="V">Vector of floats with twice as many lanes.</typeparam>
internal unsafe interface IDoubleLanes<D, V>
    where D : unmanaged
    where V : unmanaged
{
    /// <summary>The lower half of the floats.</summary>
    static abstract D Lower(V value);

    /// <summary>The upper half of the floats.</summary>
    static abstract D Upper(V value);

    /// <summary>Both halves rounded to floats.</summary>
    static abstract V Narrow(D lower, D upper);

    static abstract D Load(double* source);

    static abstract void Store(double* destination, D value);

    static abstract D Create(double value);

    static abstract D Add(D a, D b);

    static abstract D Subtract(D a, D b);

    static abstract D Multiply(D a, D b);
}

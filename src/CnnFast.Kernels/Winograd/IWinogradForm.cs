namespace CnnFast.Kernels;

/// <summary>
/// Winograd's minimal filtering F(m×m, 3×3): an m×m block of outputs from an (m+2)×(m+2) block of inputs with (m+2)² multiplications
/// (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016). The two-dimensional transforms are one-dimensional
/// ones over columns, then over rows.
/// </summary>
internal unsafe interface IWinogradForm
{
    /// <summary>Outputs along an axis, m.</summary>
    static abstract int Outputs { get; }

    /// <summary>Points along an axis, m + 2.</summary>
    static abstract int Points { get; }

    /// <summary>Bᵀd for the vectors rows[0 … Points − 1][offset], stored <paramref name="step"/> floats apart.</summary>
    static abstract void InputColumn<L, V, I>(float** rows, nint offset, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;

    /// <summary>Bᵀd for consecutive vectors, stored <paramref name="step"/> floats apart.</summary>
    static abstract void InputRow<L, V, I>(float* from, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;

    /// <summary>Aᵀm for vectors <paramref name="fromStep"/> floats apart, stored <paramref name="step"/> floats apart.</summary>
    static abstract void OutputColumn<L, V, I>(float* from, nint fromStep, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;

    /// <summary>
    /// Ay for the vectors rows[0 … Outputs − 1][offset], stored <paramref name="step"/> floats apart: how an output's
    /// gradient reaches the products.
    /// </summary>
    static abstract void GradientColumn<L, V, I>(float** rows, nint offset, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;

    /// <summary>Ay for consecutive vectors, stored <paramref name="step"/> floats apart.</summary>
    static abstract void GradientRow<L, V, I>(float* from, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;

    /// <summary>
    /// Gᵀs for vectors <paramref name="fromStep"/> floats apart, three of them stored <paramref name="step"/> floats apart.
    /// </summary>
    static abstract void Filter<L, V, I>(float* from, nint fromStep, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;

    /// <summary>Aᵀm for consecutive vectors, stored as consecutive vectors.</summary>
    static abstract void OutputRow<L, V, I>(float* from, float* to)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;

    /// <summary>
    /// Gg for three taps of a filter in double: Points values, the others are 0. Products are summed from the first tap to the last, each
    /// operation rounded, products with 0 and ±g included, so that the bits are those of the matrix product.
    /// </summary>
    static abstract void FilterPoints<DL, D, V>(D a, D b, D c, out D y0, out D y1, out D y2, out D y3, out D y4, out D y5)
        where DL : struct, IDoubleLanes<D, V>
        where D : unmanaged
        where V : unmanaged;
}

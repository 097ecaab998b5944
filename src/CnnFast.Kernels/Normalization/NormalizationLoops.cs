using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Kernels over a contiguous row-major matrix whose columns are channels (or several pixels of channels side by side), with one number a
/// column. Whole vectors lie across columns, then one partial vector loads and stores only the rest and rounds like the body. Sums are one
/// chain over the rows for each column. The bits do not depend on the vector width; the scalar twin is the same code on
/// <see cref="ScalarLanes"/>. An output may be the same memory as an input matrix.
/// </summary>
internal static unsafe class NormalizationLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>y = x·scale + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleShift(float* x, float* scale, float* shift, float* y, nint rows, nint columns)
    {
        for (nint row = 0; row < rows; row++, x += columns, y += columns)
        {
            nint j = 0;
            for (; j <= columns - L.Count; j += L.Count)
                L.Store(y + j, L.MultiplyAdd(L.Load(x + j), L.Load(scale + j), L.Load(shift + j)));
            if (j < columns)
            {
                nint rest = columns - j;
                L.StorePartial(y + j,
                    L.MultiplyAdd(L.LoadPartial(x + j, rest), L.LoadPartial(scale + j, rest), L.LoadPartial(shift + j, rest)), rest);
            }
        }
    }

    /// <summary>y = (x − mean)·scale + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(float* x, float* mean, float* scale, float* shift, float* y, nint rows, nint columns)
    {
        for (nint row = 0; row < rows; row++, x += columns, y += columns)
        {
            nint j = 0;
            for (; j <= columns - L.Count; j += L.Count)
                L.Store(y + j, L.MultiplyAdd(L.Subtract(L.Load(x + j), L.Load(mean + j)), L.Load(scale + j), L.Load(shift + j)));
            if (j < columns)
            {
                nint rest = columns - j;
                V centred = L.Subtract(L.LoadPartial(x + j, rest), L.LoadPartial(mean + j, rest));
                L.StorePartial(y + j, L.MultiplyAdd(centred, L.LoadPartial(scale + j, rest), L.LoadPartial(shift + j, rest)), rest);
            }
        }
    }

    /// <summary>
    /// sums[j] = the sum over the rows of (x[row, j] − mean[j])²; deviations[j] that of x[row, j] − mean[j]. Four vectors of columns at
    /// once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SquareSum(float* x, float* mean, float* sums, float* deviations, nint rows, nint columns)
    {
        V zero = L.Create(0f);
        nint j = 0;
        for (; j <= columns - (4 * L.Count); j += 4 * L.Count)
        {
            V m0 = L.Load(mean + j);
            V m1 = L.Load(mean + j + L.Count);
            V m2 = L.Load(mean + j + (2 * L.Count));
            V m3 = L.Load(mean + j + (3 * L.Count));
            V a0 = zero, a1 = zero, a2 = zero, a3 = zero, b0 = zero, b1 = zero, b2 = zero, b3 = zero;
            float* from = x + j;
            for (nint row = 0; row < rows; row++, from += columns)
            {
                V d0 = L.Subtract(L.Load(from), m0);
                V d1 = L.Subtract(L.Load(from + L.Count), m1);
                V d2 = L.Subtract(L.Load(from + (2 * L.Count)), m2);
                V d3 = L.Subtract(L.Load(from + (3 * L.Count)), m3);
                a0 = L.MultiplyAdd(d0, d0, a0);
                a1 = L.MultiplyAdd(d1, d1, a1);
                a2 = L.MultiplyAdd(d2, d2, a2);
                a3 = L.MultiplyAdd(d3, d3, a3);
                b0 = L.Add(b0, d0);
                b1 = L.Add(b1, d1);
                b2 = L.Add(b2, d2);
                b3 = L.Add(b3, d3);
            }

            L.Store(sums + j, a0);
            L.Store(sums + j + L.Count, a1);
            L.Store(sums + j + (2 * L.Count), a2);
            L.Store(sums + j + (3 * L.Count), a3);
            L.Store(deviations + j, b0);
            L.Store(deviations + j + L.Count, b1);
            L.Store(deviations + j + (2 * L.Count), b2);
            L.Store(deviations + j + (3 * L.Count), b3);
        }

        for (; j <= columns - L.Count; j += L.Count)
        {
            V m = L.Load(mean + j);
            V a = zero, b = zero;
            float* from = x + j;
            for (nint row = 0; row < rows; row++, from += columns)
            {
                V d = L.Subtract(L.Load(from), m);
                a = L.MultiplyAdd(d, d, a);
                b = L.Add(b, d);
            }

            L.Store(sums + j, a);
            L.Store(deviations + j, b);
        }

        if (j < columns)
        {
            nint rest = columns - j;
            V m = L.LoadPartial(mean + j, rest);
            V a = zero, b = zero;
            float* from = x + j;
            for (nint row = 0; row < rows; row++, from += columns)
            {
                V d = L.Subtract(L.LoadPartial(from, rest), m);
                a = L.MultiplyAdd(d, d, a);
                b = L.Add(b, d);
            }

            L.StorePartial(sums + j, a, rest);
            L.StorePartial(deviations + j, b, rest);
        }
    }

    /// <summary>
    /// sums[j] = the sum over the rows of dy[row, j]; products[j] that of dy[row, j]·(x[row, j] − mean[j]); deviations[j] that of
    /// x[row, j] − mean[j]. Two vectors of columns at once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GradientSums(float* x, float* dy, float* mean, float* sums, float* products, float* deviations, nint rows,
        nint columns)
    {
        V zero = L.Create(0f);
        nint j = 0;
        for (; j <= columns - (2 * L.Count); j += 2 * L.Count)
        {
            V m0 = L.Load(mean + j);
            V m1 = L.Load(mean + j + L.Count);
            V a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero;
            nint at = j;
            for (nint row = 0; row < rows; row++, at += columns)
            {
                V g0 = L.Load(dy + at);
                V g1 = L.Load(dy + at + L.Count);
                a0 = L.Add(a0, g0);
                a1 = L.Add(a1, g1);
                V d0 = L.Subtract(L.Load(x + at), m0);
                V d1 = L.Subtract(L.Load(x + at + L.Count), m1);
                b0 = L.MultiplyAdd(g0, d0, b0);
                b1 = L.MultiplyAdd(g1, d1, b1);
                c0 = L.Add(c0, d0);
                c1 = L.Add(c1, d1);
            }

            L.Store(sums + j, a0);
            L.Store(sums + j + L.Count, a1);
            L.Store(products + j, b0);
            L.Store(products + j + L.Count, b1);
            L.Store(deviations + j, c0);
            L.Store(deviations + j + L.Count, c1);
        }

        for (; j <= columns - L.Count; j += L.Count)
        {
            V m = L.Load(mean + j);
            V a = zero, b = zero, c = zero;
            nint at = j;
            for (nint row = 0; row < rows; row++, at += columns)
            {
                V g = L.Load(dy + at);
                a = L.Add(a, g);
                V d = L.Subtract(L.Load(x + at), m);
                b = L.MultiplyAdd(g, d, b);
                c = L.Add(c, d);
            }

            L.Store(sums + j, a);
            L.Store(products + j, b);
            L.Store(deviations + j, c);
        }

        if (j < columns)
        {
            nint rest = columns - j;
            V m = L.LoadPartial(mean + j, rest);
            V a = zero, b = zero, c = zero;
            nint at = j;
            for (nint row = 0; row < rows; row++, at += columns)
            {
                V g = L.LoadPartial(dy + at, rest);
                a = L.Add(a, g);
                V d = L.Subtract(L.LoadPartial(x + at, rest), m);
                b = L.MultiplyAdd(g, d, b);
                c = L.Add(c, d);
            }

            L.StorePartial(sums + j, a, rest);
            L.StorePartial(products + j, b, rest);
            L.StorePartial(deviations + j, c, rest);
        }
    }

    /// <summary>dx = scale·((dy − offset) + slope·(x − mean)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NormalizeBackward(float* x, float* dy, float* mean, float* offset, float* slope, float* scale, float* dx, nint rows,
        nint columns)
    {
        for (nint row = 0; row < rows; row++, x += columns, dy += columns, dx += columns)
        {
            nint j = 0;
            for (; j <= columns - L.Count; j += L.Count)
            {
                V centred = L.Subtract(L.Load(x + j), L.Load(mean + j));
                V gradient = L.Subtract(L.Load(dy + j), L.Load(offset + j));
                L.Store(dx + j, L.Multiply(L.Load(scale + j), L.MultiplyAdd(L.Load(slope + j), centred, gradient)));
            }

            if (j < columns)
            {
                nint rest = columns - j;
                V centred = L.Subtract(L.LoadPartial(x + j, rest), L.LoadPartial(mean + j, rest));
                V gradient = L.Subtract(L.LoadPartial(dy + j, rest), L.LoadPartial(offset + j, rest));
                L.StorePartial(dx + j,
                    L.Multiply(L.LoadPartial(scale + j, rest), L.MultiplyAdd(L.LoadPartial(slope + j, rest), centred, gradient)), rest);
            }
        }
    }

    /// <summary>dx = scale·dy + (slope·(x − mean) + offset).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GroupBackward(float* x, float* dy, float* mean, float* scale, float* slope, float* offset, float* dx, nint rows,
        nint columns)
    {
        for (nint row = 0; row < rows; row++, x += columns, dy += columns, dx += columns)
        {
            nint j = 0;
            for (; j <= columns - L.Count; j += L.Count)
            {
                V centred = L.Subtract(L.Load(x + j), L.Load(mean + j));
                V rest = L.MultiplyAdd(L.Load(slope + j), centred, L.Load(offset + j));
                L.Store(dx + j, L.MultiplyAdd(L.Load(scale + j), L.Load(dy + j), rest));
            }

            if (j < columns)
            {
                nint count = columns - j;
                V centred = L.Subtract(L.LoadPartial(x + j, count), L.LoadPartial(mean + j, count));
                V rest = L.MultiplyAdd(L.LoadPartial(slope + j, count), centred, L.LoadPartial(offset + j, count));
                L.StorePartial(dx + j, L.MultiplyAdd(L.LoadPartial(scale + j, count), L.LoadPartial(dy + j, count), rest), count);
            }
        }
    }
}

using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Kernels over a row-major matrix and one value a column: vectors lie across columns, of the last only the columns that exist are touched.
/// The scalar twin is the same code on <see cref="ScalarLanes"/> (with fused multiply-add for the fused tiers).
/// </summary>
internal static unsafe class BroadcastLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>y[row, j] = x[row, j] · factors[j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRows(float* x, float* factors, float* y, nint rows, nint columns)
    {
        for (nint row = 0; row < rows; row++)
        {
            nint j = 0;
            for (; j <= columns - (4 * L.Count); j += 4 * L.Count)
            {
                L.Store(y + j, L.Multiply(L.Load(x + j), L.Load(factors + j)));
                L.Store(y + j + L.Count, L.Multiply(L.Load(x + j + L.Count), L.Load(factors + j + L.Count)));
                L.Store(y + j + (2 * L.Count), L.Multiply(L.Load(x + j + (2 * L.Count)), L.Load(factors + j + (2 * L.Count))));
                L.Store(y + j + (3 * L.Count), L.Multiply(L.Load(x + j + (3 * L.Count)), L.Load(factors + j + (3 * L.Count))));
            }

            for (; j <= columns - L.Count; j += L.Count)
                L.Store(y + j, L.Multiply(L.Load(x + j), L.Load(factors + j)));
            if (j < columns)
                L.StorePartial(y + j, L.Multiply(L.LoadPartial(x + j, columns - j), L.LoadPartial(factors + j, columns - j)), columns - j);
            x += columns;
            y += columns;
        }
    }

    /// <summary>y[j] = the sum over the rows of a[row, j] · b[row, j]: one chain a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ColumnDot(float* a, float* b, float* y, nint rows, nint columns)
    {
        nint j = 0;
        for (; j <= columns - (4 * L.Count); j += 4 * L.Count)
        {
            float* left = a + j;
            float* right = b + j;
            V s0 = L.Multiply(L.Load(left), L.Load(right));
            V s1 = L.Multiply(L.Load(left + L.Count), L.Load(right + L.Count));
            V s2 = L.Multiply(L.Load(left + (2 * L.Count)), L.Load(right + (2 * L.Count)));
            V s3 = L.Multiply(L.Load(left + (3 * L.Count)), L.Load(right + (3 * L.Count)));
            for (nint row = 1; row < rows; row++)
            {
                left += columns;
                right += columns;
                s0 = L.MultiplyAdd(L.Load(left), L.Load(right), s0);
                s1 = L.MultiplyAdd(L.Load(left + L.Count), L.Load(right + L.Count), s1);
                s2 = L.MultiplyAdd(L.Load(left + (2 * L.Count)), L.Load(right + (2 * L.Count)), s2);
                s3 = L.MultiplyAdd(L.Load(left + (3 * L.Count)), L.Load(right + (3 * L.Count)), s3);
            }

            L.Store(y + j, s0);
            L.Store(y + j + L.Count, s1);
            L.Store(y + j + (2 * L.Count), s2);
            L.Store(y + j + (3 * L.Count), s3);
        }

        for (; j <= columns - L.Count; j += L.Count)
        {
            V s = L.Multiply(L.Load(a + j), L.Load(b + j));
            for (nint row = 1; row < rows; row++)
                s = L.MultiplyAdd(L.Load(a + (row * columns) + j), L.Load(b + (row * columns) + j), s);
            L.Store(y + j, s);
        }

        if (j < columns)
        {
            V s = L.Multiply(L.LoadPartial(a + j, columns - j), L.LoadPartial(b + j, columns - j));
            for (nint row = 1; row < rows; row++)
                s = L.MultiplyAdd(L.LoadPartial(a + (row * columns) + j, columns - j), L.LoadPartial(b + (row * columns) + j, columns - j),
                    s);
            L.StorePartial(y + j, s, columns - j);
        }
    }
}

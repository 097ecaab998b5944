using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Sums over the rows of a row-major matrix: vectors lie across columns, one chain over the rows for each column, four vectors at once.
/// The columns left over take single vectors and one partial vector. The bits do not depend on the vector width.
/// </summary>
internal static unsafe class ColumnReductions<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>y[j] = the sum over the rows of x[row, j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(float* x, float* y, nint rows, nint columns)
    {
        nint j = 0;
        for (; j <= columns - (4 * L.Count); j += 4 * L.Count)
        {
            float* from = x + j;
            V a0 = L.Load(from);
            V a1 = L.Load(from + L.Count);
            V a2 = L.Load(from + (2 * L.Count));
            V a3 = L.Load(from + (3 * L.Count));
            for (nint row = 1; row < rows; row++)
            {
                from += columns;
                a0 = L.Add(a0, L.Load(from));
                a1 = L.Add(a1, L.Load(from + L.Count));
                a2 = L.Add(a2, L.Load(from + (2 * L.Count)));
                a3 = L.Add(a3, L.Load(from + (3 * L.Count)));
            }

            L.Store(y + j, a0);
            L.Store(y + j + L.Count, a1);
            L.Store(y + j + (2 * L.Count), a2);
            L.Store(y + j + (3 * L.Count), a3);
        }

        for (; j <= columns - L.Count; j += L.Count)
        {
            V a = L.Load(x + j);
            for (nint row = 1; row < rows; row++)
                a = L.Add(a, L.Load(x + (row * columns) + j));
            L.Store(y + j, a);
        }

        if (j < columns)
        {
            V a = L.LoadPartial(x + j, columns - j);
            for (nint row = 1; row < rows; row++)
                a = L.Add(a, L.LoadPartial(x + (row * columns) + j, columns - j));
            L.StorePartial(y + j, a, columns - j);
        }
    }
}

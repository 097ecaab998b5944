using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Outer-product tile of 6 rows × 2 vectors: A strided over the pixels of NHWC memory, B the pixels' packed panel two vectors wide, C a
/// contiguous tile of sums. Registers as in <see cref="GemmTile6x2{L, V, I}"/>; one multiply-add a pixel.
/// </summary>
internal static unsafe class GemmOuterTile6x2<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(GemmOuterTile* tile)
    {
        nint* rowOffsets = tile->RowOffsets;
        nint step = tile->ColumnStep;
        nint columns = tile->Columns;
        nint skip = tile->RowStep - (columns * step);
        float* b = tile->B;
        float* a = tile->A;
        float* a0 = a + rowOffsets[0];
        float* a1 = a + rowOffsets[1];
        float* a2 = a + rowOffsets[2];
        float* a3 = a + rowOffsets[3];
        float* a4 = a + rowOffsets[4];
        float* a5 = a + rowOffsets[5];
        V c00 = L.Create(0f), c01 = L.Create(0f);
        V c10 = L.Create(0f), c11 = L.Create(0f);
        V c20 = L.Create(0f), c21 = L.Create(0f);
        V c30 = L.Create(0f), c31 = L.Create(0f);
        V c40 = L.Create(0f), c41 = L.Create(0f);
        V c50 = L.Create(0f), c51 = L.Create(0f);
        nint rows = tile->Rows;
        nint at = 0;
        do
        {
            nint column = columns;
            do
            {
                V b0 = L.Load(b);
                V b1 = L.Load(b + L.Count);
                V x = L.Create(a0[at]);
                c00 = L.MultiplyAdd(x, b0, c00);
                c01 = L.MultiplyAdd(x, b1, c01);
                x = L.Create(a1[at]);
                c10 = L.MultiplyAdd(x, b0, c10);
                c11 = L.MultiplyAdd(x, b1, c11);
                x = L.Create(a2[at]);
                c20 = L.MultiplyAdd(x, b0, c20);
                c21 = L.MultiplyAdd(x, b1, c21);
                x = L.Create(a3[at]);
                c30 = L.MultiplyAdd(x, b0, c30);
                c31 = L.MultiplyAdd(x, b1, c31);
                x = L.Create(a4[at]);
                c40 = L.MultiplyAdd(x, b0, c40);
                c41 = L.MultiplyAdd(x, b1, c41);
                x = L.Create(a5[at]);
                c50 = L.MultiplyAdd(x, b0, c50);
                c51 = L.MultiplyAdd(x, b1, c51);
                at += step;
                b += 2 * L.Count;
            }
            while (--column > 0);
            at += skip;
        }
        while (--rows > 0);

        float* y = tile->C;
        L.Store(y, L.Add(L.Load(y), c00));
        L.Store(y + L.Count, L.Add(L.Load(y + L.Count), c01));
        L.Store(y + (2 * L.Count), L.Add(L.Load(y + (2 * L.Count)), c10));
        L.Store(y + (3 * L.Count), L.Add(L.Load(y + (3 * L.Count)), c11));
        L.Store(y + (4 * L.Count), L.Add(L.Load(y + (4 * L.Count)), c20));
        L.Store(y + (5 * L.Count), L.Add(L.Load(y + (5 * L.Count)), c21));
        L.Store(y + (6 * L.Count), L.Add(L.Load(y + (6 * L.Count)), c30));
        L.Store(y + (7 * L.Count), L.Add(L.Load(y + (7 * L.Count)), c31));
        L.Store(y + (8 * L.Count), L.Add(L.Load(y + (8 * L.Count)), c40));
        L.Store(y + (9 * L.Count), L.Add(L.Load(y + (9 * L.Count)), c41));
        L.Store(y + (10 * L.Count), L.Add(L.Load(y + (10 * L.Count)), c50));
        L.Store(y + (11 * L.Count), L.Add(L.Load(y + (11 * L.Count)), c51));
    }
}

using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Outer-product tile of 6 rows × 2 vectors: 12 accumulators, 2 vectors of B and 1 broadcast of A fill 15 of the 16 registers of AVX2 or
/// SSE, as in <see cref="GemmTile2{L, V, I}"/>; one multiply-add a pixel. Tails are the caller's: it repeats a row and lends a scratch
/// tile. The scalar twin is the same code on <see cref="ScalarLanes"/>.
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
        float* a = tile->A;
        float* a0 = a + rowOffsets[0];
        float* a1 = a + rowOffsets[1];
        float* a2 = a + rowOffsets[2];
        float* a3 = a + rowOffsets[3];
        float* a4 = a + rowOffsets[4];
        float* a5 = a + rowOffsets[5];
        nint aStep = tile->AStep;
        nint bStep = tile->BStep;
        nint second = tile->SecondVector;
        V c00 = L.Create(0f), c01 = L.Create(0f);
        V c10 = L.Create(0f), c11 = L.Create(0f);
        V c20 = L.Create(0f), c21 = L.Create(0f);
        V c30 = L.Create(0f), c31 = L.Create(0f);
        V c40 = L.Create(0f), c41 = L.Create(0f);
        V c50 = L.Create(0f), c51 = L.Create(0f);
        float* y = tile->C;
        nint* to = tile->OutputOffsets;
        L.Prefetch(y + to[0]);
        L.Prefetch(y + to[0] + L.Count);
        L.Prefetch(y + to[1]);
        L.Prefetch(y + to[1] + L.Count);
        L.Prefetch(y + to[2]);
        L.Prefetch(y + to[2] + L.Count);
        L.Prefetch(y + to[3]);
        L.Prefetch(y + to[3] + L.Count);
        L.Prefetch(y + to[4]);
        L.Prefetch(y + to[4] + L.Count);
        L.Prefetch(y + to[5]);
        L.Prefetch(y + to[5] + L.Count);
        float* ahead = tile->Ahead;
        nint rows = tile->Rows;
        nint row = 0;
        do
        {
            nint at = tile->APixelRows[row];
            float* b = tile->B + tile->BPixelRows[row];
            nint column = tile->Columns;
            do
            {
                V b0 = L.Load(b);
                V b1 = L.Load(b + second);
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
                L.Prefetch(ahead);
                ahead += 16;
                at += aStep;
                b += bStep;
            }
            while (--column > 0);
            row++;
        }
        while (row < rows);

        if (tile->Adds)
        {
            c00 = L.Add(L.Load(y + to[0]), c00);
            c01 = L.Add(L.Load(y + to[0] + L.Count), c01);
            c10 = L.Add(L.Load(y + to[1]), c10);
            c11 = L.Add(L.Load(y + to[1] + L.Count), c11);
            c20 = L.Add(L.Load(y + to[2]), c20);
            c21 = L.Add(L.Load(y + to[2] + L.Count), c21);
            c30 = L.Add(L.Load(y + to[3]), c30);
            c31 = L.Add(L.Load(y + to[3] + L.Count), c31);
            c40 = L.Add(L.Load(y + to[4]), c40);
            c41 = L.Add(L.Load(y + to[4] + L.Count), c41);
            c50 = L.Add(L.Load(y + to[5]), c50);
            c51 = L.Add(L.Load(y + to[5] + L.Count), c51);
        }

        L.Store(y + to[0], c00);
        L.Store(y + to[0] + L.Count, c01);
        L.Store(y + to[1], c10);
        L.Store(y + to[1] + L.Count, c11);
        L.Store(y + to[2], c20);
        L.Store(y + to[2] + L.Count, c21);
        L.Store(y + to[3], c30);
        L.Store(y + to[3] + L.Count, c31);
        L.Store(y + to[4], c40);
        L.Store(y + to[4] + L.Count, c41);
        L.Store(y + to[5], c50);
        L.Store(y + to[5] + L.Count, c51);
    }
}

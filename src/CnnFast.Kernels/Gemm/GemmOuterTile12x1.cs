using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Outer-product tile of 12 rows × 1 vector: 12 accumulators, for columns that would leave the second vector of
/// <see cref="GemmOuterTile6x2{L, V, I}"/> empty; layout and twin are the same.
/// </summary>
internal static unsafe class GemmOuterTile12x1<L, V, I>
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
        float* a6 = a + rowOffsets[6];
        float* a7 = a + rowOffsets[7];
        float* a8 = a + rowOffsets[8];
        float* a9 = a + rowOffsets[9];
        float* a10 = a + rowOffsets[10];
        float* a11 = a + rowOffsets[11];
        nint aStep = tile->AStep;
        nint bStep = tile->BStep;
        V c00 = L.Create(0f);
        V c10 = L.Create(0f);
        V c20 = L.Create(0f);
        V c30 = L.Create(0f);
        V c40 = L.Create(0f);
        V c50 = L.Create(0f);
        V c60 = L.Create(0f);
        V c70 = L.Create(0f);
        V c80 = L.Create(0f);
        V c90 = L.Create(0f);
        V cA0 = L.Create(0f);
        V cB0 = L.Create(0f);
        float* y = tile->C;
        nint* to = tile->OutputOffsets;
        L.Prefetch(y + to[0]);
        L.Prefetch(y + to[1]);
        L.Prefetch(y + to[2]);
        L.Prefetch(y + to[3]);
        L.Prefetch(y + to[4]);
        L.Prefetch(y + to[5]);
        L.Prefetch(y + to[6]);
        L.Prefetch(y + to[7]);
        L.Prefetch(y + to[8]);
        L.Prefetch(y + to[9]);
        L.Prefetch(y + to[10]);
        L.Prefetch(y + to[11]);
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
                V x = L.Create(a0[at]);
                c00 = L.MultiplyAdd(x, b0, c00);
                x = L.Create(a1[at]);
                c10 = L.MultiplyAdd(x, b0, c10);
                x = L.Create(a2[at]);
                c20 = L.MultiplyAdd(x, b0, c20);
                x = L.Create(a3[at]);
                c30 = L.MultiplyAdd(x, b0, c30);
                x = L.Create(a4[at]);
                c40 = L.MultiplyAdd(x, b0, c40);
                x = L.Create(a5[at]);
                c50 = L.MultiplyAdd(x, b0, c50);
                x = L.Create(a6[at]);
                c60 = L.MultiplyAdd(x, b0, c60);
                x = L.Create(a7[at]);
                c70 = L.MultiplyAdd(x, b0, c70);
                x = L.Create(a8[at]);
                c80 = L.MultiplyAdd(x, b0, c80);
                x = L.Create(a9[at]);
                c90 = L.MultiplyAdd(x, b0, c90);
                x = L.Create(a10[at]);
                cA0 = L.MultiplyAdd(x, b0, cA0);
                x = L.Create(a11[at]);
                cB0 = L.MultiplyAdd(x, b0, cB0);
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
            c10 = L.Add(L.Load(y + to[1]), c10);
            c20 = L.Add(L.Load(y + to[2]), c20);
            c30 = L.Add(L.Load(y + to[3]), c30);
            c40 = L.Add(L.Load(y + to[4]), c40);
            c50 = L.Add(L.Load(y + to[5]), c50);
            c60 = L.Add(L.Load(y + to[6]), c60);
            c70 = L.Add(L.Load(y + to[7]), c70);
            c80 = L.Add(L.Load(y + to[8]), c80);
            c90 = L.Add(L.Load(y + to[9]), c90);
            cA0 = L.Add(L.Load(y + to[10]), cA0);
            cB0 = L.Add(L.Load(y + to[11]), cB0);
        }

        L.Store(y + to[0], c00);
        L.Store(y + to[1], c10);
        L.Store(y + to[2], c20);
        L.Store(y + to[3], c30);
        L.Store(y + to[4], c40);
        L.Store(y + to[5], c50);
        L.Store(y + to[6], c60);
        L.Store(y + to[7], c70);
        L.Store(y + to[8], c80);
        L.Store(y + to[9], c90);
        L.Store(y + to[10], cA0);
        L.Store(y + to[11], cB0);
    }
}

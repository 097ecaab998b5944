using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// GEMM tile of one vector by up to 12 rows; operands as in <see cref="GemmTile"/>, roles as the form says.
/// One vector wide: the fewest idle lanes where there are few columns. 12 accumulators, a panel vector and a broadcast.
/// Each output is one chain of multiply-adds; a last vector of which columns are missing is loaded and stored in part. The scalar twin is
/// the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal readonly unsafe struct GemmTile1<L, V, I> : IGemmTile
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    public static int Vectors => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tiles<TForm, TRows, TEpilogue>(GemmTile* tile, nint first, nint tiles)
        where TForm : struct, IGemmForm
        where TRows : unmanaged, ITileSize
        where TEpilogue : struct, IUnaryOperation
    {
        nint columns = tile->Columns;
        nint step = typeof(TForm) == typeof(PixelLanes) ? tile->Step : L.Count;
        nint* from = tile->RowOffsets + first;
        nint* to = tile->OutputOffsets + first;
        do
        {
            float* a = tile->A;
            float* row0 = a + from[0];
            float* row1 = sizeof(TRows) > 1 ? a + from[1] : a;
            float* row2 = sizeof(TRows) > 2 ? a + from[2] : a;
            float* row3 = sizeof(TRows) > 3 ? a + from[3] : a;
            float* row4 = sizeof(TRows) > 4 ? a + from[4] : a;
            float* row5 = sizeof(TRows) > 5 ? a + from[5] : a;
            float* row6 = sizeof(TRows) > 6 ? a + from[6] : a;
            float* row7 = sizeof(TRows) > 7 ? a + from[7] : a;
            float* row8 = sizeof(TRows) > 8 ? a + from[8] : a;
            float* row9 = sizeof(TRows) > 9 ? a + from[9] : a;
            float* row10 = sizeof(TRows) > 10 ? a + from[10] : a;
            float* row11 = sizeof(TRows) > 11 ? a + from[11] : a;
            float* c = tile->C;
            V none = L.Create(-0f);
            V c00 = none;
            V c10 = none;
            V c20 = none;
            V c30 = none;
            V c40 = none;
            V c50 = none;
            V c60 = none;
            V c70 = none;
            V c80 = none;
            V c90 = none;
            V cA0 = none;
            V cB0 = none;
            float* bias = tile->Bias;
            if (bias is not null)
            {
                if (typeof(TForm) == typeof(PixelLanes))
                {
                    bias += first;
                    c00 = L.Create(bias[0]);
                    if (sizeof(TRows) > 1)
                        c10 = L.Create(bias[1]);
                    if (sizeof(TRows) > 2)
                        c20 = L.Create(bias[2]);
                    if (sizeof(TRows) > 3)
                        c30 = L.Create(bias[3]);
                    if (sizeof(TRows) > 4)
                        c40 = L.Create(bias[4]);
                    if (sizeof(TRows) > 5)
                        c50 = L.Create(bias[5]);
                    if (sizeof(TRows) > 6)
                        c60 = L.Create(bias[6]);
                    if (sizeof(TRows) > 7)
                        c70 = L.Create(bias[7]);
                    if (sizeof(TRows) > 8)
                        c80 = L.Create(bias[8]);
                    if (sizeof(TRows) > 9)
                        c90 = L.Create(bias[9]);
                    if (sizeof(TRows) > 10)
                        cA0 = L.Create(bias[10]);
                    if (sizeof(TRows) > 11)
                        cB0 = L.Create(bias[11]);
                }
                else
                {
                    c00 = c10 = c20 = c30 = c40 = c50 = c60 = c70 = c80 = c90 = cA0 = cB0 = L.Load(bias);
                }
            }

            // −0 + x is x.
            float* start = bias is null ? c : tile->Residual;
            if (start is not null)
            {
                c00 = L.Add(c00, Columns.Load<L, V, I>(start + to[0], 0, columns));
                if (sizeof(TRows) > 1)
                    c10 = L.Add(c10, Columns.Load<L, V, I>(start + to[1], 0, columns));
                if (sizeof(TRows) > 2)
                    c20 = L.Add(c20, Columns.Load<L, V, I>(start + to[2], 0, columns));
                if (sizeof(TRows) > 3)
                    c30 = L.Add(c30, Columns.Load<L, V, I>(start + to[3], 0, columns));
                if (sizeof(TRows) > 4)
                    c40 = L.Add(c40, Columns.Load<L, V, I>(start + to[4], 0, columns));
                if (sizeof(TRows) > 5)
                    c50 = L.Add(c50, Columns.Load<L, V, I>(start + to[5], 0, columns));
                if (sizeof(TRows) > 6)
                    c60 = L.Add(c60, Columns.Load<L, V, I>(start + to[6], 0, columns));
                if (sizeof(TRows) > 7)
                    c70 = L.Add(c70, Columns.Load<L, V, I>(start + to[7], 0, columns));
                if (sizeof(TRows) > 8)
                    c80 = L.Add(c80, Columns.Load<L, V, I>(start + to[8], 0, columns));
                if (sizeof(TRows) > 9)
                    c90 = L.Add(c90, Columns.Load<L, V, I>(start + to[9], 0, columns));
                if (sizeof(TRows) > 10)
                    cA0 = L.Add(cA0, Columns.Load<L, V, I>(start + to[10], 0, columns));
                if (sizeof(TRows) > 11)
                    cB0 = L.Add(cB0, Columns.Load<L, V, I>(start + to[11], 0, columns));
            }

            float* b = tile->B;
            float* sliding = b;
            nint terms = 0;
            GemmRun* run = tile->Runs;
            GemmRun* end = run + tile->RunCount;
            do
            {
                nint offset = run->Offset;
                nint length = run->Length;
                if (typeof(TForm) == typeof(PixelLanes))
                {
                    b = sliding + offset;
                    offset = terms;
                    terms += length;
                }

                float* a0 = row0 + offset;
                float* a1 = row1 + offset;
                float* a2 = row2 + offset;
                float* a3 = row3 + offset;
                float* a4 = row4 + offset;
                float* a5 = row5 + offset;
                float* a6 = row6 + offset;
                float* a7 = row7 + offset;
                float* a8 = row8 + offset;
                float* a9 = row9 + offset;
                float* a10 = row10 + offset;
                float* a11 = row11 + offset;
                nint k = 0;
                do
                {
                    V b0 = L.Load(b);
                    V x = L.Create(a0[k]);
                    c00 = L.MultiplyAdd(x, b0, c00);
                    if (sizeof(TRows) > 1)
                    {
                        x = L.Create(a1[k]);
                        c10 = L.MultiplyAdd(x, b0, c10);
                    }

                    if (sizeof(TRows) > 2)
                    {
                        x = L.Create(a2[k]);
                        c20 = L.MultiplyAdd(x, b0, c20);
                    }

                    if (sizeof(TRows) > 3)
                    {
                        x = L.Create(a3[k]);
                        c30 = L.MultiplyAdd(x, b0, c30);
                    }

                    if (sizeof(TRows) > 4)
                    {
                        x = L.Create(a4[k]);
                        c40 = L.MultiplyAdd(x, b0, c40);
                    }

                    if (sizeof(TRows) > 5)
                    {
                        x = L.Create(a5[k]);
                        c50 = L.MultiplyAdd(x, b0, c50);
                    }

                    if (sizeof(TRows) > 6)
                    {
                        x = L.Create(a6[k]);
                        c60 = L.MultiplyAdd(x, b0, c60);
                    }

                    if (sizeof(TRows) > 7)
                    {
                        x = L.Create(a7[k]);
                        c70 = L.MultiplyAdd(x, b0, c70);
                    }

                    if (sizeof(TRows) > 8)
                    {
                        x = L.Create(a8[k]);
                        c80 = L.MultiplyAdd(x, b0, c80);
                    }

                    if (sizeof(TRows) > 9)
                    {
                        x = L.Create(a9[k]);
                        c90 = L.MultiplyAdd(x, b0, c90);
                    }

                    if (sizeof(TRows) > 10)
                    {
                        x = L.Create(a10[k]);
                        cA0 = L.MultiplyAdd(x, b0, cA0);
                    }

                    if (sizeof(TRows) > 11)
                    {
                        x = L.Create(a11[k]);
                        cB0 = L.MultiplyAdd(x, b0, cB0);
                    }

                    b += step;
                    k++;
                }
                while (k < length);
                run++;
            }
            while (run < end);

            Columns.Store<L, V, I>(c + to[0], 0, TEpilogue.Invoke<L, V, I>(c00), columns);
            if (sizeof(TRows) > 1)
                Columns.Store<L, V, I>(c + to[1], 0, TEpilogue.Invoke<L, V, I>(c10), columns);
            if (sizeof(TRows) > 2)
                Columns.Store<L, V, I>(c + to[2], 0, TEpilogue.Invoke<L, V, I>(c20), columns);
            if (sizeof(TRows) > 3)
                Columns.Store<L, V, I>(c + to[3], 0, TEpilogue.Invoke<L, V, I>(c30), columns);
            if (sizeof(TRows) > 4)
                Columns.Store<L, V, I>(c + to[4], 0, TEpilogue.Invoke<L, V, I>(c40), columns);
            if (sizeof(TRows) > 5)
                Columns.Store<L, V, I>(c + to[5], 0, TEpilogue.Invoke<L, V, I>(c50), columns);
            if (sizeof(TRows) > 6)
                Columns.Store<L, V, I>(c + to[6], 0, TEpilogue.Invoke<L, V, I>(c60), columns);
            if (sizeof(TRows) > 7)
                Columns.Store<L, V, I>(c + to[7], 0, TEpilogue.Invoke<L, V, I>(c70), columns);
            if (sizeof(TRows) > 8)
                Columns.Store<L, V, I>(c + to[8], 0, TEpilogue.Invoke<L, V, I>(c80), columns);
            if (sizeof(TRows) > 9)
                Columns.Store<L, V, I>(c + to[9], 0, TEpilogue.Invoke<L, V, I>(c90), columns);
            if (sizeof(TRows) > 10)
                Columns.Store<L, V, I>(c + to[10], 0, TEpilogue.Invoke<L, V, I>(cA0), columns);
            if (sizeof(TRows) > 11)
                Columns.Store<L, V, I>(c + to[11], 0, TEpilogue.Invoke<L, V, I>(cB0), columns);
            from += sizeof(TRows);
            to += sizeof(TRows);
            first += sizeof(TRows);
        }
        while (--tiles > 0);
    }
}

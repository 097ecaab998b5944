using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// GEMM tile of three vectors by up to 8 rows; operands as in <see cref="GemmTile"/>, roles as the form says.
/// Three vectors wide, for columns that two would waste. With 16 registers 4 rows, which fill all of them; with 32 registers 8 rows.
/// Each output is one chain of multiply-adds; a last vector of which columns are missing is loaded and stored in part. The scalar twin is
/// the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal readonly unsafe struct GemmTile3<L, V, I> : IGemmTile
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    public static int Vectors => 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tiles<TForm, TRows, TEpilogue>(GemmTile* tile, nint first, nint tiles)
        where TForm : struct, IGemmForm
        where TRows : unmanaged, ITileSize
        where TEpilogue : struct, IUnaryOperation
    {
        nint columns = tile->Columns;
        nint step = typeof(TForm) == typeof(PixelLanes) ? tile->Step : 3 * L.Count;
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
            float* c = tile->C;
            V none = L.Create(-0f);
            V c00 = none, c01 = none, c02 = none;
            V c10 = none, c11 = none, c12 = none;
            V c20 = none, c21 = none, c22 = none;
            V c30 = none, c31 = none, c32 = none;
            V c40 = none, c41 = none, c42 = none;
            V c50 = none, c51 = none, c52 = none;
            V c60 = none, c61 = none, c62 = none;
            V c70 = none, c71 = none, c72 = none;
            float* bias = tile->Bias;
            if (bias is not null)
            {
                if (typeof(TForm) == typeof(PixelLanes))
                {
                    bias += first;
                    c00 = c01 = c02 = L.Create(bias[0]);
                    if (sizeof(TRows) > 1)
                        c10 = c11 = c12 = L.Create(bias[1]);
                    if (sizeof(TRows) > 2)
                        c20 = c21 = c22 = L.Create(bias[2]);
                    if (sizeof(TRows) > 3)
                        c30 = c31 = c32 = L.Create(bias[3]);
                    if (sizeof(TRows) > 4)
                        c40 = c41 = c42 = L.Create(bias[4]);
                    if (sizeof(TRows) > 5)
                        c50 = c51 = c52 = L.Create(bias[5]);
                    if (sizeof(TRows) > 6)
                        c60 = c61 = c62 = L.Create(bias[6]);
                    if (sizeof(TRows) > 7)
                        c70 = c71 = c72 = L.Create(bias[7]);
                }
                else
                {
                    c00 = c10 = c20 = c30 = c40 = c50 = c60 = c70 = L.Load(bias);
                    c01 = c11 = c21 = c31 = c41 = c51 = c61 = c71 = L.Load(bias + L.Count);
                    c02 = c12 = c22 = c32 = c42 = c52 = c62 = c72 = L.Load(bias + (2 * L.Count));
                }
            }

            // −0 + x is x.
            float* start = bias is null ? c : tile->Residual;
            if (start is not null)
            {
                c00 = L.Add(c00, Columns.Load<L, V, I>(start + to[0], 0, columns));
                c01 = L.Add(c01, Columns.Load<L, V, I>(start + to[0], 1, columns));
                c02 = L.Add(c02, Columns.Load<L, V, I>(start + to[0], 2, columns));

                if (sizeof(TRows) > 1)
                {
                    c10 = L.Add(c10, Columns.Load<L, V, I>(start + to[1], 0, columns));
                    c11 = L.Add(c11, Columns.Load<L, V, I>(start + to[1], 1, columns));
                    c12 = L.Add(c12, Columns.Load<L, V, I>(start + to[1], 2, columns));
                }

                if (sizeof(TRows) > 2)
                {
                    c20 = L.Add(c20, Columns.Load<L, V, I>(start + to[2], 0, columns));
                    c21 = L.Add(c21, Columns.Load<L, V, I>(start + to[2], 1, columns));
                    c22 = L.Add(c22, Columns.Load<L, V, I>(start + to[2], 2, columns));
                }

                if (sizeof(TRows) > 3)
                {
                    c30 = L.Add(c30, Columns.Load<L, V, I>(start + to[3], 0, columns));
                    c31 = L.Add(c31, Columns.Load<L, V, I>(start + to[3], 1, columns));
                    c32 = L.Add(c32, Columns.Load<L, V, I>(start + to[3], 2, columns));
                }

                if (sizeof(TRows) > 4)
                {
                    c40 = L.Add(c40, Columns.Load<L, V, I>(start + to[4], 0, columns));
                    c41 = L.Add(c41, Columns.Load<L, V, I>(start + to[4], 1, columns));
                    c42 = L.Add(c42, Columns.Load<L, V, I>(start + to[4], 2, columns));
                }

                if (sizeof(TRows) > 5)
                {
                    c50 = L.Add(c50, Columns.Load<L, V, I>(start + to[5], 0, columns));
                    c51 = L.Add(c51, Columns.Load<L, V, I>(start + to[5], 1, columns));
                    c52 = L.Add(c52, Columns.Load<L, V, I>(start + to[5], 2, columns));
                }

                if (sizeof(TRows) > 6)
                {
                    c60 = L.Add(c60, Columns.Load<L, V, I>(start + to[6], 0, columns));
                    c61 = L.Add(c61, Columns.Load<L, V, I>(start + to[6], 1, columns));
                    c62 = L.Add(c62, Columns.Load<L, V, I>(start + to[6], 2, columns));
                }

                if (sizeof(TRows) > 7)
                {
                    c70 = L.Add(c70, Columns.Load<L, V, I>(start + to[7], 0, columns));
                    c71 = L.Add(c71, Columns.Load<L, V, I>(start + to[7], 1, columns));
                    c72 = L.Add(c72, Columns.Load<L, V, I>(start + to[7], 2, columns));
                }
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
                nint k = 0;
                do
                {
                    V b0 = L.Load(b);
                    V b1 = L.Load(b + L.Count);
                    V b2 = L.Load(b + (2 * L.Count));
                    V x = L.Create(a0[k]);
                    c00 = L.MultiplyAdd(x, b0, c00);
                    c01 = L.MultiplyAdd(x, b1, c01);
                    c02 = L.MultiplyAdd(x, b2, c02);
                    if (sizeof(TRows) > 1)
                    {
                        x = L.Create(a1[k]);
                        c10 = L.MultiplyAdd(x, b0, c10);
                        c11 = L.MultiplyAdd(x, b1, c11);
                        c12 = L.MultiplyAdd(x, b2, c12);
                    }

                    if (sizeof(TRows) > 2)
                    {
                        x = L.Create(a2[k]);
                        c20 = L.MultiplyAdd(x, b0, c20);
                        c21 = L.MultiplyAdd(x, b1, c21);
                        c22 = L.MultiplyAdd(x, b2, c22);
                    }

                    if (sizeof(TRows) > 3)
                    {
                        x = L.Create(a3[k]);
                        c30 = L.MultiplyAdd(x, b0, c30);
                        c31 = L.MultiplyAdd(x, b1, c31);
                        c32 = L.MultiplyAdd(x, b2, c32);
                    }

                    if (sizeof(TRows) > 4)
                    {
                        x = L.Create(a4[k]);
                        c40 = L.MultiplyAdd(x, b0, c40);
                        c41 = L.MultiplyAdd(x, b1, c41);
                        c42 = L.MultiplyAdd(x, b2, c42);
                    }

                    if (sizeof(TRows) > 5)
                    {
                        x = L.Create(a5[k]);
                        c50 = L.MultiplyAdd(x, b0, c50);
                        c51 = L.MultiplyAdd(x, b1, c51);
                        c52 = L.MultiplyAdd(x, b2, c52);
                    }

                    if (sizeof(TRows) > 6)
                    {
                        x = L.Create(a6[k]);
                        c60 = L.MultiplyAdd(x, b0, c60);
                        c61 = L.MultiplyAdd(x, b1, c61);
                        c62 = L.MultiplyAdd(x, b2, c62);
                    }

                    if (sizeof(TRows) > 7)
                    {
                        x = L.Create(a7[k]);
                        c70 = L.MultiplyAdd(x, b0, c70);
                        c71 = L.MultiplyAdd(x, b1, c71);
                        c72 = L.MultiplyAdd(x, b2, c72);
                    }

                    b += step;
                    k++;
                }
                while (k < length);
                run++;
            }
            while (run < end);

            Columns.Store<L, V, I>(c + to[0], 0, TEpilogue.Invoke<L, V, I>(c00), columns);
            Columns.Store<L, V, I>(c + to[0], 1, TEpilogue.Invoke<L, V, I>(c01), columns);
            Columns.Store<L, V, I>(c + to[0], 2, TEpilogue.Invoke<L, V, I>(c02), columns);

            if (sizeof(TRows) > 1)
            {
                Columns.Store<L, V, I>(c + to[1], 0, TEpilogue.Invoke<L, V, I>(c10), columns);
                Columns.Store<L, V, I>(c + to[1], 1, TEpilogue.Invoke<L, V, I>(c11), columns);
                Columns.Store<L, V, I>(c + to[1], 2, TEpilogue.Invoke<L, V, I>(c12), columns);
            }

            if (sizeof(TRows) > 2)
            {
                Columns.Store<L, V, I>(c + to[2], 0, TEpilogue.Invoke<L, V, I>(c20), columns);
                Columns.Store<L, V, I>(c + to[2], 1, TEpilogue.Invoke<L, V, I>(c21), columns);
                Columns.Store<L, V, I>(c + to[2], 2, TEpilogue.Invoke<L, V, I>(c22), columns);
            }

            if (sizeof(TRows) > 3)
            {
                Columns.Store<L, V, I>(c + to[3], 0, TEpilogue.Invoke<L, V, I>(c30), columns);
                Columns.Store<L, V, I>(c + to[3], 1, TEpilogue.Invoke<L, V, I>(c31), columns);
                Columns.Store<L, V, I>(c + to[3], 2, TEpilogue.Invoke<L, V, I>(c32), columns);
            }

            if (sizeof(TRows) > 4)
            {
                Columns.Store<L, V, I>(c + to[4], 0, TEpilogue.Invoke<L, V, I>(c40), columns);
                Columns.Store<L, V, I>(c + to[4], 1, TEpilogue.Invoke<L, V, I>(c41), columns);
                Columns.Store<L, V, I>(c + to[4], 2, TEpilogue.Invoke<L, V, I>(c42), columns);
            }

            if (sizeof(TRows) > 5)
            {
                Columns.Store<L, V, I>(c + to[5], 0, TEpilogue.Invoke<L, V, I>(c50), columns);
                Columns.Store<L, V, I>(c + to[5], 1, TEpilogue.Invoke<L, V, I>(c51), columns);
                Columns.Store<L, V, I>(c + to[5], 2, TEpilogue.Invoke<L, V, I>(c52), columns);
            }

            if (sizeof(TRows) > 6)
            {
                Columns.Store<L, V, I>(c + to[6], 0, TEpilogue.Invoke<L, V, I>(c60), columns);
                Columns.Store<L, V, I>(c + to[6], 1, TEpilogue.Invoke<L, V, I>(c61), columns);
                Columns.Store<L, V, I>(c + to[6], 2, TEpilogue.Invoke<L, V, I>(c62), columns);
            }

            if (sizeof(TRows) > 7)
            {
                Columns.Store<L, V, I>(c + to[7], 0, TEpilogue.Invoke<L, V, I>(c70), columns);
                Columns.Store<L, V, I>(c + to[7], 1, TEpilogue.Invoke<L, V, I>(c71), columns);
                Columns.Store<L, V, I>(c + to[7], 2, TEpilogue.Invoke<L, V, I>(c72), columns);
            }

            from += sizeof(TRows);
            to += sizeof(TRows);
            first += sizeof(TRows);
        }
        while (--tiles > 0);
    }
}

using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// GEMM tile of eight vectors by up to 3 rows; operands as in <see cref="GemmTile"/>, roles as the form says.
/// Eight vectors wide, for a single row, whose speed is that of reading the panel: eight chains of multiply-adds hide their latency. With
/// 32 registers 3 rows.
/// Each output is one chain of multiply-adds; a last vector of which columns are missing is loaded and stored in part. The scalar twin is
/// the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal readonly unsafe struct GemmTile8<L, V, I> : IGemmTile
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    public static int Vectors => 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tiles<TForm, TRows, TEpilogue>(GemmTile* tile, nint first, nint tiles)
        where TForm : struct, IGemmForm
        where TRows : unmanaged, ITileSize
        where TEpilogue : struct, IUnaryOperation
    {
        nint columns = tile->Columns;
        nint step = typeof(TForm) == typeof(PixelLanes) ? tile->Step : 8 * L.Count;
        nint* from = tile->RowOffsets + first;
        nint* to = tile->OutputOffsets + first;
        do
        {
            float* a = tile->A;
            float* row0 = a + from[0];
            float* row1 = sizeof(TRows) > 1 ? a + from[1] : a;
            float* row2 = sizeof(TRows) > 2 ? a + from[2] : a;
            float* c = tile->C;
            V none = L.Create(-0f);
            V c00 = none, c01 = none, c02 = none, c03 = none, c04 = none, c05 = none,
                c06 = none, c07 = none;
            V c10 = none, c11 = none, c12 = none, c13 = none, c14 = none, c15 = none,
                c16 = none, c17 = none;
            V c20 = none, c21 = none, c22 = none, c23 = none, c24 = none, c25 = none,
                c26 = none, c27 = none;
            float* bias = tile->Bias;
            if (bias is not null)
            {
                if (typeof(TForm) == typeof(PixelLanes))
                {
                    bias += first;
                    c00 = c01 = c02 = c03 = c04 = c05 = c06 = c07 = L.Create(bias[0]);
                    if (sizeof(TRows) > 1)
                        c10 = c11 = c12 = c13 = c14 = c15 = c16 = c17 = L.Create(bias[1]);
                    if (sizeof(TRows) > 2)
                        c20 = c21 = c22 = c23 = c24 = c25 = c26 = c27 = L.Create(bias[2]);
                }
                else
                {
                    c00 = c10 = c20 = L.Load(bias);
                    c01 = c11 = c21 = L.Load(bias + L.Count);
                    c02 = c12 = c22 = L.Load(bias + (2 * L.Count));
                    c03 = c13 = c23 = L.Load(bias + (3 * L.Count));
                    c04 = c14 = c24 = L.Load(bias + (4 * L.Count));
                    c05 = c15 = c25 = L.Load(bias + (5 * L.Count));
                    c06 = c16 = c26 = L.Load(bias + (6 * L.Count));
                    c07 = c17 = c27 = L.Load(bias + (7 * L.Count));
                }
            }

            // −0 + x is x.
            float* start = bias is null ? c : tile->Residual;
            if (start is not null)
            {
                c00 = L.Add(c00, Columns.Load<L, V, I>(start + to[0], 0, columns));
                c01 = L.Add(c01, Columns.Load<L, V, I>(start + to[0], 1, columns));
                c02 = L.Add(c02, Columns.Load<L, V, I>(start + to[0], 2, columns));
                c03 = L.Add(c03, Columns.Load<L, V, I>(start + to[0], 3, columns));
                c04 = L.Add(c04, Columns.Load<L, V, I>(start + to[0], 4, columns));
                c05 = L.Add(c05, Columns.Load<L, V, I>(start + to[0], 5, columns));
                c06 = L.Add(c06, Columns.Load<L, V, I>(start + to[0], 6, columns));
                c07 = L.Add(c07, Columns.Load<L, V, I>(start + to[0], 7, columns));

                if (sizeof(TRows) > 1)
                {
                    c10 = L.Add(c10, Columns.Load<L, V, I>(start + to[1], 0, columns));
                    c11 = L.Add(c11, Columns.Load<L, V, I>(start + to[1], 1, columns));
                    c12 = L.Add(c12, Columns.Load<L, V, I>(start + to[1], 2, columns));
                    c13 = L.Add(c13, Columns.Load<L, V, I>(start + to[1], 3, columns));
                    c14 = L.Add(c14, Columns.Load<L, V, I>(start + to[1], 4, columns));
                    c15 = L.Add(c15, Columns.Load<L, V, I>(start + to[1], 5, columns));
                    c16 = L.Add(c16, Columns.Load<L, V, I>(start + to[1], 6, columns));
                    c17 = L.Add(c17, Columns.Load<L, V, I>(start + to[1], 7, columns));
                }

                if (sizeof(TRows) > 2)
                {
                    c20 = L.Add(c20, Columns.Load<L, V, I>(start + to[2], 0, columns));
                    c21 = L.Add(c21, Columns.Load<L, V, I>(start + to[2], 1, columns));
                    c22 = L.Add(c22, Columns.Load<L, V, I>(start + to[2], 2, columns));
                    c23 = L.Add(c23, Columns.Load<L, V, I>(start + to[2], 3, columns));
                    c24 = L.Add(c24, Columns.Load<L, V, I>(start + to[2], 4, columns));
                    c25 = L.Add(c25, Columns.Load<L, V, I>(start + to[2], 5, columns));
                    c26 = L.Add(c26, Columns.Load<L, V, I>(start + to[2], 6, columns));
                    c27 = L.Add(c27, Columns.Load<L, V, I>(start + to[2], 7, columns));
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
                nint k = 0;
                do
                {
                    V b0 = L.Load(b);
                    V b1 = L.Load(b + L.Count);
                    V b2 = L.Load(b + (2 * L.Count));
                    V b3 = L.Load(b + (3 * L.Count));
                    V b4 = L.Load(b + (4 * L.Count));
                    V b5 = L.Load(b + (5 * L.Count));
                    V b6 = L.Load(b + (6 * L.Count));
                    V b7 = L.Load(b + (7 * L.Count));
                    V x = L.Create(a0[k]);
                    c00 = L.MultiplyAdd(x, b0, c00);
                    c01 = L.MultiplyAdd(x, b1, c01);
                    c02 = L.MultiplyAdd(x, b2, c02);
                    c03 = L.MultiplyAdd(x, b3, c03);
                    c04 = L.MultiplyAdd(x, b4, c04);
                    c05 = L.MultiplyAdd(x, b5, c05);
                    c06 = L.MultiplyAdd(x, b6, c06);
                    c07 = L.MultiplyAdd(x, b7, c07);
                    if (sizeof(TRows) > 1)
                    {
                        x = L.Create(a1[k]);
                        c10 = L.MultiplyAdd(x, b0, c10);
                        c11 = L.MultiplyAdd(x, b1, c11);
                        c12 = L.MultiplyAdd(x, b2, c12);
                        c13 = L.MultiplyAdd(x, b3, c13);
                        c14 = L.MultiplyAdd(x, b4, c14);
                        c15 = L.MultiplyAdd(x, b5, c15);
                        c16 = L.MultiplyAdd(x, b6, c16);
                        c17 = L.MultiplyAdd(x, b7, c17);
                    }

                    if (sizeof(TRows) > 2)
                    {
                        x = L.Create(a2[k]);
                        c20 = L.MultiplyAdd(x, b0, c20);
                        c21 = L.MultiplyAdd(x, b1, c21);
                        c22 = L.MultiplyAdd(x, b2, c22);
                        c23 = L.MultiplyAdd(x, b3, c23);
                        c24 = L.MultiplyAdd(x, b4, c24);
                        c25 = L.MultiplyAdd(x, b5, c25);
                        c26 = L.MultiplyAdd(x, b6, c26);
                        c27 = L.MultiplyAdd(x, b7, c27);
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
            Columns.Store<L, V, I>(c + to[0], 3, TEpilogue.Invoke<L, V, I>(c03), columns);
            Columns.Store<L, V, I>(c + to[0], 4, TEpilogue.Invoke<L, V, I>(c04), columns);
            Columns.Store<L, V, I>(c + to[0], 5, TEpilogue.Invoke<L, V, I>(c05), columns);
            Columns.Store<L, V, I>(c + to[0], 6, TEpilogue.Invoke<L, V, I>(c06), columns);
            Columns.Store<L, V, I>(c + to[0], 7, TEpilogue.Invoke<L, V, I>(c07), columns);

            if (sizeof(TRows) > 1)
            {
                Columns.Store<L, V, I>(c + to[1], 0, TEpilogue.Invoke<L, V, I>(c10), columns);
                Columns.Store<L, V, I>(c + to[1], 1, TEpilogue.Invoke<L, V, I>(c11), columns);
                Columns.Store<L, V, I>(c + to[1], 2, TEpilogue.Invoke<L, V, I>(c12), columns);
                Columns.Store<L, V, I>(c + to[1], 3, TEpilogue.Invoke<L, V, I>(c13), columns);
                Columns.Store<L, V, I>(c + to[1], 4, TEpilogue.Invoke<L, V, I>(c14), columns);
                Columns.Store<L, V, I>(c + to[1], 5, TEpilogue.Invoke<L, V, I>(c15), columns);
                Columns.Store<L, V, I>(c + to[1], 6, TEpilogue.Invoke<L, V, I>(c16), columns);
                Columns.Store<L, V, I>(c + to[1], 7, TEpilogue.Invoke<L, V, I>(c17), columns);
            }

            if (sizeof(TRows) > 2)
            {
                Columns.Store<L, V, I>(c + to[2], 0, TEpilogue.Invoke<L, V, I>(c20), columns);
                Columns.Store<L, V, I>(c + to[2], 1, TEpilogue.Invoke<L, V, I>(c21), columns);
                Columns.Store<L, V, I>(c + to[2], 2, TEpilogue.Invoke<L, V, I>(c22), columns);
                Columns.Store<L, V, I>(c + to[2], 3, TEpilogue.Invoke<L, V, I>(c23), columns);
                Columns.Store<L, V, I>(c + to[2], 4, TEpilogue.Invoke<L, V, I>(c24), columns);
                Columns.Store<L, V, I>(c + to[2], 5, TEpilogue.Invoke<L, V, I>(c25), columns);
                Columns.Store<L, V, I>(c + to[2], 6, TEpilogue.Invoke<L, V, I>(c26), columns);
                Columns.Store<L, V, I>(c + to[2], 7, TEpilogue.Invoke<L, V, I>(c27), columns);
            }

            from += sizeof(TRows);
            to += sizeof(TRows);
            first += sizeof(TRows);
        }
        while (--tiles > 0);
    }
}

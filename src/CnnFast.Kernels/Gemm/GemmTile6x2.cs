using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// GEMM tile of 6 rows × 2 vectors: A rows by offset tables over NHWC memory, B a packed panel two vectors wide, C rows by offsets.
/// 12 accumulators, 2 panel vectors and 1 broadcast fill 15 of the 16 registers of AVX2 or SSE: 12 multiply-adds for 8 loads, so the multiply-add units are
/// the limit. Lanes are output columns; one multiply-add a term. Tails are the caller's: it lends a scratch tile and repeats a row.
/// The scalar twin is the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal static unsafe class GemmTile6x2<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TEpilogue>(GemmTile* tile)
        where TEpilogue : struct, IUnaryOperation
    {
        nint* rowOffsets = tile->RowOffsets;
        float* row0 = tile->A + rowOffsets[0];
        float* row1 = tile->A + rowOffsets[1];
        float* row2 = tile->A + rowOffsets[2];
        float* row3 = tile->A + rowOffsets[3];
        float* row4 = tile->A + rowOffsets[4];
        float* row5 = tile->A + rowOffsets[5];
        V c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        float* bias = tile->Bias;
        if (bias is null)
        {
            nint* from = tile->OutputOffsets;
            float* c = tile->C;
            c00 = L.Load(c + from[0]);
            c01 = L.Load(c + from[0] + L.Count);
            c10 = L.Load(c + from[1]);
            c11 = L.Load(c + from[1] + L.Count);
            c20 = L.Load(c + from[2]);
            c21 = L.Load(c + from[2] + L.Count);
            c30 = L.Load(c + from[3]);
            c31 = L.Load(c + from[3] + L.Count);
            c40 = L.Load(c + from[4]);
            c41 = L.Load(c + from[4] + L.Count);
            c50 = L.Load(c + from[5]);
            c51 = L.Load(c + from[5] + L.Count);
        }
        else
        {
            c00 = c10 = c20 = c30 = c40 = c50 = L.Load(bias);
            c01 = c11 = c21 = c31 = c41 = c51 = L.Load(bias + L.Count);
            float* residual = tile->Residual;
            if (residual is not null)
            {
                nint* from = tile->OutputOffsets;
                c00 = L.Add(c00, L.Load(residual + from[0]));
                c01 = L.Add(c01, L.Load(residual + from[0] + L.Count));
                c10 = L.Add(c10, L.Load(residual + from[1]));
                c11 = L.Add(c11, L.Load(residual + from[1] + L.Count));
                c20 = L.Add(c20, L.Load(residual + from[2]));
                c21 = L.Add(c21, L.Load(residual + from[2] + L.Count));
                c30 = L.Add(c30, L.Load(residual + from[3]));
                c31 = L.Add(c31, L.Load(residual + from[3] + L.Count));
                c40 = L.Add(c40, L.Load(residual + from[4]));
                c41 = L.Add(c41, L.Load(residual + from[4] + L.Count));
                c50 = L.Add(c50, L.Load(residual + from[5]));
                c51 = L.Add(c51, L.Load(residual + from[5] + L.Count));
            }
        }

        float* b = tile->B;
        GemmRun* run = tile->Runs;
        GemmRun* end = run + tile->RunCount;
        do
        {
            nint offset = run->Offset;
            nint length = run->Length;
            float* a0 = row0 + offset;
            float* a1 = row1 + offset;
            float* a2 = row2 + offset;
            float* a3 = row3 + offset;
            float* a4 = row4 + offset;
            float* a5 = row5 + offset;
            nint k = 0;
            do
            {
                V b0 = L.Load(b);
                V b1 = L.Load(b + L.Count);
                V x = L.Create(a0[k]);
                c00 = L.MultiplyAdd(x, b0, c00);
                c01 = L.MultiplyAdd(x, b1, c01);
                x = L.Create(a1[k]);
                c10 = L.MultiplyAdd(x, b0, c10);
                c11 = L.MultiplyAdd(x, b1, c11);
                x = L.Create(a2[k]);
                c20 = L.MultiplyAdd(x, b0, c20);
                c21 = L.MultiplyAdd(x, b1, c21);
                x = L.Create(a3[k]);
                c30 = L.MultiplyAdd(x, b0, c30);
                c31 = L.MultiplyAdd(x, b1, c31);
                x = L.Create(a4[k]);
                c40 = L.MultiplyAdd(x, b0, c40);
                c41 = L.MultiplyAdd(x, b1, c41);
                x = L.Create(a5[k]);
                c50 = L.MultiplyAdd(x, b0, c50);
                c51 = L.MultiplyAdd(x, b1, c51);
                b += 2 * L.Count;
                k++;
            }
            while (k < length);
            run++;
        }
        while (run < end);

        nint* to = tile->OutputOffsets;
        float* y = tile->C;
        L.Store(y + to[0], TEpilogue.Invoke<L, V, I>(c00));
        L.Store(y + to[0] + L.Count, TEpilogue.Invoke<L, V, I>(c01));
        L.Store(y + to[1], TEpilogue.Invoke<L, V, I>(c10));
        L.Store(y + to[1] + L.Count, TEpilogue.Invoke<L, V, I>(c11));
        L.Store(y + to[2], TEpilogue.Invoke<L, V, I>(c20));
        L.Store(y + to[2] + L.Count, TEpilogue.Invoke<L, V, I>(c21));
        L.Store(y + to[3], TEpilogue.Invoke<L, V, I>(c30));
        L.Store(y + to[3] + L.Count, TEpilogue.Invoke<L, V, I>(c31));
        L.Store(y + to[4], TEpilogue.Invoke<L, V, I>(c40));
        L.Store(y + to[4] + L.Count, TEpilogue.Invoke<L, V, I>(c41));
        L.Store(y + to[5], TEpilogue.Invoke<L, V, I>(c50));
        L.Store(y + to[5] + L.Count, TEpilogue.Invoke<L, V, I>(c51));
    }
}

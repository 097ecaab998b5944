using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnFast.Kernels;

/// <summary>
/// GEMM tile of 6 rows × 16 columns: A rows by offset tables over NHWC memory, B a packed panel 16 wide, C rows by offsets.
/// 12 accumulators, 2 panel vectors and 1 broadcast fill 15 of the 16 registers: 12 FMAs for 8 loads, so the FMA units are the limit.
/// Lanes are output columns; one fused multiply-add a term. Tails are the caller's: it lends a scratch tile and repeats a row.
/// </summary>
internal static unsafe class F32Gemm6x16Avx2
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TEpilogue>(GemmTile* tile)
        where TEpilogue : struct, IEpilogue
    {
        nint* rowOffsets = tile->RowOffsets;
        float* row0 = tile->A + rowOffsets[0];
        float* row1 = tile->A + rowOffsets[1];
        float* row2 = tile->A + rowOffsets[2];
        float* row3 = tile->A + rowOffsets[3];
        float* row4 = tile->A + rowOffsets[4];
        float* row5 = tile->A + rowOffsets[5];
        Vector256<float> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        float* bias = tile->Bias;
        if (bias is null)
        {
            nint* from = tile->OutputOffsets;
            float* c = tile->C;
            c00 = Vector256.Load(c + from[0]);
            c01 = Vector256.Load(c + from[0] + 8);
            c10 = Vector256.Load(c + from[1]);
            c11 = Vector256.Load(c + from[1] + 8);
            c20 = Vector256.Load(c + from[2]);
            c21 = Vector256.Load(c + from[2] + 8);
            c30 = Vector256.Load(c + from[3]);
            c31 = Vector256.Load(c + from[3] + 8);
            c40 = Vector256.Load(c + from[4]);
            c41 = Vector256.Load(c + from[4] + 8);
            c50 = Vector256.Load(c + from[5]);
            c51 = Vector256.Load(c + from[5] + 8);
        }
        else
        {
            c00 = c10 = c20 = c30 = c40 = c50 = Vector256.Load(bias);
            c01 = c11 = c21 = c31 = c41 = c51 = Vector256.Load(bias + 8);
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
                Vector256<float> b0 = Vector256.Load(b);
                Vector256<float> b1 = Vector256.Load(b + 8);
                Vector256<float> x = Vector256.Create(a0[k]);
                c00 = Fma.MultiplyAdd(x, b0, c00);
                c01 = Fma.MultiplyAdd(x, b1, c01);
                x = Vector256.Create(a1[k]);
                c10 = Fma.MultiplyAdd(x, b0, c10);
                c11 = Fma.MultiplyAdd(x, b1, c11);
                x = Vector256.Create(a2[k]);
                c20 = Fma.MultiplyAdd(x, b0, c20);
                c21 = Fma.MultiplyAdd(x, b1, c21);
                x = Vector256.Create(a3[k]);
                c30 = Fma.MultiplyAdd(x, b0, c30);
                c31 = Fma.MultiplyAdd(x, b1, c31);
                x = Vector256.Create(a4[k]);
                c40 = Fma.MultiplyAdd(x, b0, c40);
                c41 = Fma.MultiplyAdd(x, b1, c41);
                x = Vector256.Create(a5[k]);
                c50 = Fma.MultiplyAdd(x, b0, c50);
                c51 = Fma.MultiplyAdd(x, b1, c51);
                b += 16;
                k++;
            }
            while (k < length);
            run++;
        }
        while (run < end);

        nint* to = tile->OutputOffsets;
        float* y = tile->C;
        TEpilogue.Apply(c00).Store(y + to[0]);
        TEpilogue.Apply(c01).Store(y + to[0] + 8);
        TEpilogue.Apply(c10).Store(y + to[1]);
        TEpilogue.Apply(c11).Store(y + to[1] + 8);
        TEpilogue.Apply(c20).Store(y + to[2]);
        TEpilogue.Apply(c21).Store(y + to[2] + 8);
        TEpilogue.Apply(c30).Store(y + to[3]);
        TEpilogue.Apply(c31).Store(y + to[3] + 8);
        TEpilogue.Apply(c40).Store(y + to[4]);
        TEpilogue.Apply(c41).Store(y + to[4] + 8);
        TEpilogue.Apply(c50).Store(y + to[5]);
        TEpilogue.Apply(c51).Store(y + to[5] + 8);
    }
}

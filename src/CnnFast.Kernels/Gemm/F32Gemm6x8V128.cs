using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>
/// GEMM tile of 6 rows × 8 columns on portable 128-bit vectors, multiply and add rounded apart as SSE does; operands as in
/// <see cref="F32Gemm6x16Avx2"/>. 12 accumulators leave four registers for the panel, the broadcast and the product.
/// </summary>
internal static unsafe class F32Gemm6x8V128
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
        Vector128<float> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        float* bias = tile->Bias;
        if (bias is null)
        {
            nint* from = tile->OutputOffsets;
            float* c = tile->C;
            c00 = Vector128.Load(c + from[0]);
            c01 = Vector128.Load(c + from[0] + 4);
            c10 = Vector128.Load(c + from[1]);
            c11 = Vector128.Load(c + from[1] + 4);
            c20 = Vector128.Load(c + from[2]);
            c21 = Vector128.Load(c + from[2] + 4);
            c30 = Vector128.Load(c + from[3]);
            c31 = Vector128.Load(c + from[3] + 4);
            c40 = Vector128.Load(c + from[4]);
            c41 = Vector128.Load(c + from[4] + 4);
            c50 = Vector128.Load(c + from[5]);
            c51 = Vector128.Load(c + from[5] + 4);
        }
        else
        {
            c00 = c10 = c20 = c30 = c40 = c50 = Vector128.Load(bias);
            c01 = c11 = c21 = c31 = c41 = c51 = Vector128.Load(bias + 4);
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
                Vector128<float> b0 = Vector128.Load(b);
                Vector128<float> b1 = Vector128.Load(b + 4);
                Vector128<float> x = Vector128.Create(a0[k]);
                c00 = (x * b0) + c00;
                c01 = (x * b1) + c01;
                x = Vector128.Create(a1[k]);
                c10 = (x * b0) + c10;
                c11 = (x * b1) + c11;
                x = Vector128.Create(a2[k]);
                c20 = (x * b0) + c20;
                c21 = (x * b1) + c21;
                x = Vector128.Create(a3[k]);
                c30 = (x * b0) + c30;
                c31 = (x * b1) + c31;
                x = Vector128.Create(a4[k]);
                c40 = (x * b0) + c40;
                c41 = (x * b1) + c41;
                x = Vector128.Create(a5[k]);
                c50 = (x * b0) + c50;
                c51 = (x * b1) + c51;
                b += 8;
                k++;
            }
            while (k < length);
            run++;
        }
        while (run < end);

        nint* to = tile->OutputOffsets;
        float* y = tile->C;
        TEpilogue.Apply(c00).Store(y + to[0]);
        TEpilogue.Apply(c01).Store(y + to[0] + 4);
        TEpilogue.Apply(c10).Store(y + to[1]);
        TEpilogue.Apply(c11).Store(y + to[1] + 4);
        TEpilogue.Apply(c20).Store(y + to[2]);
        TEpilogue.Apply(c21).Store(y + to[2] + 4);
        TEpilogue.Apply(c30).Store(y + to[3]);
        TEpilogue.Apply(c31).Store(y + to[3] + 4);
        TEpilogue.Apply(c40).Store(y + to[4]);
        TEpilogue.Apply(c41).Store(y + to[4] + 4);
        TEpilogue.Apply(c50).Store(y + to[5]);
        TEpilogue.Apply(c51).Store(y + to[5] + 4);
    }
}

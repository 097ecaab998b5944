namespace CnnFast.Kernels;

/// <summary>
/// GEMM tile of 4 rows × 4 columns in plain C#, multiply and add rounded apart; operands as in <see cref="F32Gemm6x16Avx2"/>.
/// The column loop is outermost so that four sums and a row of pointers stay in registers.
/// </summary>
internal static unsafe class F32Gemm4x4Scalar
{
    public static void Run<TEpilogue>(GemmTile* tile)
        where TEpilogue : struct, IEpilogue
    {
        const int NR = 4;
        float* row0 = tile->A + tile->RowOffsets[0];
        float* row1 = tile->A + tile->RowOffsets[1];
        float* row2 = tile->A + tile->RowOffsets[2];
        float* row3 = tile->A + tile->RowOffsets[3];
        for (int j = 0; j < NR; j++)
        {
            float* y0 = tile->C + tile->OutputOffsets[0] + j;
            float* y1 = tile->C + tile->OutputOffsets[1] + j;
            float* y2 = tile->C + tile->OutputOffsets[2] + j;
            float* y3 = tile->C + tile->OutputOffsets[3] + j;
            float c0, c1, c2, c3;
            if (tile->Bias is null)
                (c0, c1, c2, c3) = (*y0, *y1, *y2, *y3);
            else
                c0 = c1 = c2 = c3 = tile->Bias[j];
            float* b = tile->B + j;
            for (nint r = 0; r < tile->RunCount; r++)
            {
                nint offset = tile->Runs[r].Offset;
                nint end = offset + tile->Runs[r].Length;
                for (nint k = offset; k < end; k++)
                {
                    float x = *b;
                    c0 = (row0[k] * x) + c0;
                    c1 = (row1[k] * x) + c1;
                    c2 = (row2[k] * x) + c2;
                    c3 = (row3[k] * x) + c3;
                    b += NR;
                }
            }

            *y0 = TEpilogue.Apply(c0);
            *y1 = TEpilogue.Apply(c1);
            *y2 = TEpilogue.Apply(c2);
            *y3 = TEpilogue.Apply(c3);
        }
    }
}

namespace CnnFast.Kernels;

/// <summary>
/// Outer-product tile of 4 rows × 4 columns in plain C#, multiply and add rounded apart; operands as in <see cref="F32GemmOuter6x16Avx2"/>.
/// </summary>
internal static unsafe class F32GemmOuter4x4Scalar
{
    public static void Run(GemmOuterTile* tile)
    {
        const int NR = 4;
        for (int i = 0; i < 4; i++)
        {
            float* row = tile->A + tile->RowOffsets[i];
            float* b = tile->B;
            float c0 = 0, c1 = 0, c2 = 0, c3 = 0;
            for (nint r = 0; r < tile->Rows; r++)
            {
                float* a = row + (r * tile->RowStep);
                for (nint c = 0; c < tile->Columns; c++)
                {
                    float x = *a;
                    c0 = (x * b[0]) + c0;
                    c1 = (x * b[1]) + c1;
                    c2 = (x * b[2]) + c2;
                    c3 = (x * b[3]) + c3;
                    a += tile->ColumnStep;
                    b += NR;
                }
            }

            float* y = tile->C + (i * NR);
            y[0] += c0;
            y[1] += c1;
            y[2] += c2;
            y[3] += c3;
        }
    }
}

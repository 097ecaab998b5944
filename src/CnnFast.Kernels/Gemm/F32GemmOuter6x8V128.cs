using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>
/// Outer-product tile of 6 rows × 8 columns on portable 128-bit vectors, multiply and add rounded apart; operands as in
/// <see cref="F32GemmOuter6x16Avx2"/>.
/// </summary>
internal static unsafe class F32GemmOuter6x8V128
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(GemmOuterTile* tile)
    {
        nint* rowOffsets = tile->RowOffsets;
        nint step = tile->ColumnStep;
        nint columns = tile->Columns;
        nint skip = tile->RowStep - (columns * step);
        float* b = tile->B;
        float* a = tile->A;
        float* a0 = a + rowOffsets[0];
        float* a1 = a + rowOffsets[1];
        float* a2 = a + rowOffsets[2];
        float* a3 = a + rowOffsets[3];
        float* a4 = a + rowOffsets[4];
        float* a5 = a + rowOffsets[5];
        Vector128<float> c00 = Vector128<float>.Zero, c01 = Vector128<float>.Zero;
        Vector128<float> c10 = Vector128<float>.Zero, c11 = Vector128<float>.Zero;
        Vector128<float> c20 = Vector128<float>.Zero, c21 = Vector128<float>.Zero;
        Vector128<float> c30 = Vector128<float>.Zero, c31 = Vector128<float>.Zero;
        Vector128<float> c40 = Vector128<float>.Zero, c41 = Vector128<float>.Zero;
        Vector128<float> c50 = Vector128<float>.Zero, c51 = Vector128<float>.Zero;
        nint rows = tile->Rows;
        nint at = 0;
        do
        {
            nint column = columns;
            do
            {
                Vector128<float> b0 = Vector128.Load(b);
                Vector128<float> b1 = Vector128.Load(b + 4);
                Vector128<float> x = Vector128.Create(a0[at]);
                c00 = (x * b0) + c00;
                c01 = (x * b1) + c01;
                x = Vector128.Create(a1[at]);
                c10 = (x * b0) + c10;
                c11 = (x * b1) + c11;
                x = Vector128.Create(a2[at]);
                c20 = (x * b0) + c20;
                c21 = (x * b1) + c21;
                x = Vector128.Create(a3[at]);
                c30 = (x * b0) + c30;
                c31 = (x * b1) + c31;
                x = Vector128.Create(a4[at]);
                c40 = (x * b0) + c40;
                c41 = (x * b1) + c41;
                x = Vector128.Create(a5[at]);
                c50 = (x * b0) + c50;
                c51 = (x * b1) + c51;
                at += step;
                b += 8;
            }
            while (--column > 0);
            at += skip;
        }
        while (--rows > 0);

        float* y = tile->C;
        (Vector128.Load(y) + c00).Store(y);
        (Vector128.Load(y + 4) + c01).Store(y + 4);
        (Vector128.Load(y + 8) + c10).Store(y + 8);
        (Vector128.Load(y + 12) + c11).Store(y + 12);
        (Vector128.Load(y + 16) + c20).Store(y + 16);
        (Vector128.Load(y + 20) + c21).Store(y + 20);
        (Vector128.Load(y + 24) + c30).Store(y + 24);
        (Vector128.Load(y + 28) + c31).Store(y + 28);
        (Vector128.Load(y + 32) + c40).Store(y + 32);
        (Vector128.Load(y + 36) + c41).Store(y + 36);
        (Vector128.Load(y + 40) + c50).Store(y + 40);
        (Vector128.Load(y + 44) + c51).Store(y + 44);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnFast.Kernels;

/// <summary>
/// Outer-product tile of 6 rows × 16 columns: A strided over the pixels of NHWC memory, B the pixels' packed panel 16 wide,
/// C a contiguous tile of sums. Registers as in <see cref="F32Gemm6x16Avx2"/>; one fused multiply-add a pixel.
/// </summary>
internal static unsafe class F32GemmOuter6x16Avx2
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
        Vector256<float> c00 = Vector256<float>.Zero, c01 = Vector256<float>.Zero;
        Vector256<float> c10 = Vector256<float>.Zero, c11 = Vector256<float>.Zero;
        Vector256<float> c20 = Vector256<float>.Zero, c21 = Vector256<float>.Zero;
        Vector256<float> c30 = Vector256<float>.Zero, c31 = Vector256<float>.Zero;
        Vector256<float> c40 = Vector256<float>.Zero, c41 = Vector256<float>.Zero;
        Vector256<float> c50 = Vector256<float>.Zero, c51 = Vector256<float>.Zero;
        nint rows = tile->Rows;
        nint at = 0;
        do
        {
            nint column = columns;
            do
            {
                Vector256<float> b0 = Vector256.Load(b);
                Vector256<float> b1 = Vector256.Load(b + 8);
                Vector256<float> x = Vector256.Create(a0[at]);
                c00 = Fma.MultiplyAdd(x, b0, c00);
                c01 = Fma.MultiplyAdd(x, b1, c01);
                x = Vector256.Create(a1[at]);
                c10 = Fma.MultiplyAdd(x, b0, c10);
                c11 = Fma.MultiplyAdd(x, b1, c11);
                x = Vector256.Create(a2[at]);
                c20 = Fma.MultiplyAdd(x, b0, c20);
                c21 = Fma.MultiplyAdd(x, b1, c21);
                x = Vector256.Create(a3[at]);
                c30 = Fma.MultiplyAdd(x, b0, c30);
                c31 = Fma.MultiplyAdd(x, b1, c31);
                x = Vector256.Create(a4[at]);
                c40 = Fma.MultiplyAdd(x, b0, c40);
                c41 = Fma.MultiplyAdd(x, b1, c41);
                x = Vector256.Create(a5[at]);
                c50 = Fma.MultiplyAdd(x, b0, c50);
                c51 = Fma.MultiplyAdd(x, b1, c51);
                at += step;
                b += 16;
            }
            while (--column > 0);
            at += skip;
        }
        while (--rows > 0);

        float* y = tile->C;
        (Vector256.Load(y) + c00).Store(y);
        (Vector256.Load(y + 8) + c01).Store(y + 8);
        (Vector256.Load(y + 16) + c10).Store(y + 16);
        (Vector256.Load(y + 24) + c11).Store(y + 24);
        (Vector256.Load(y + 32) + c20).Store(y + 32);
        (Vector256.Load(y + 40) + c21).Store(y + 40);
        (Vector256.Load(y + 48) + c30).Store(y + 48);
        (Vector256.Load(y + 56) + c31).Store(y + 56);
        (Vector256.Load(y + 64) + c40).Store(y + 64);
        (Vector256.Load(y + 72) + c41).Store(y + 72);
        (Vector256.Load(y + 80) + c50).Store(y + 80);
        (Vector256.Load(y + 88) + c51).Store(y + 88);
    }
}

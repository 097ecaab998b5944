namespace CnnFast.Kernels;

/// <summary>The list of outer-product tiles, best first.</summary>
internal static unsafe class GemmOuterKernels
{
    public static IReadOnlyList<GemmOuterKernel> All { get; } =
    [
        new("F32GemmOuter6x16Avx2", IsaLevel.Avx2, 6, 16, &F32GemmOuter6x16Avx2.Run),
        new("F32GemmOuter6x8V128", IsaLevel.V128, 6, 8, &F32GemmOuter6x8V128.Run),
        new("F32GemmOuter4x4Scalar", IsaLevel.Scalar, 4, 4, &F32GemmOuter4x4Scalar.Run),
    ];
}

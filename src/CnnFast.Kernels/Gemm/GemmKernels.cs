namespace CnnFast.Kernels;

/// <summary>The list of GEMM tiles, best first: dispatch, tests, benchmarks and <c>cnnfast info</c> all walk it.</summary>
internal static unsafe class GemmKernels
{
    public static IReadOnlyList<GemmKernel> All { get; } =
    [
        new("F32Gemm6x16Avx2", IsaLevel.Avx2, 6, 16, true, &F32Gemm6x16Avx2.Run<IdentityEpilogue>, &F32Gemm6x16Avx2.Run<ReLUEpilogue>),
        new("F32Gemm6x8V128", IsaLevel.V128, 6, 8, false, &F32Gemm6x8V128.Run<IdentityEpilogue>, &F32Gemm6x8V128.Run<ReLUEpilogue>),
        new("F32Gemm4x4Scalar", IsaLevel.Scalar, 4, 4, false, &F32Gemm4x4Scalar.Run<IdentityEpilogue>, &F32Gemm4x4Scalar.Run<ReLUEpilogue>),
    ];
}

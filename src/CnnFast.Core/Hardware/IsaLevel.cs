namespace CnnFast;

/// <summary>An instruction-set tier that kernels are written for.</summary>
public enum IsaLevel
{
    /// <summary>Plain C# without vectors.</summary>
    Scalar,

    /// <summary>Portable 128-bit vectors with separate multiply and add (SSE2 and up, or NEON).</summary>
    V128,

    /// <summary>AVX2 with FMA: 256-bit vectors.</summary>
    Avx2,

    /// <summary>AVX-512: 512-bit vectors.</summary>
    Avx512,

    /// <summary>ARM64 AdvSimd: 128-bit vectors with fused multiply-add. Off until every sweep has run on it.</summary>
    Neon,
}

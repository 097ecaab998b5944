namespace CnnFast.Benchmarks.Peers;

/// <summary>Limits this library, oneDNN and libtorch to a tier; ONNX Runtime knows no such limit.</summary>
internal static class IsaLimit
{
    /// <summary>The tiers that can be asked for.</summary>
    public static IsaLevel[] Tiers { get; } = [IsaLevel.Avx512, IsaLevel.Avx2];

    /// <summary>Sets the variables that the libraries read as they load.</summary>
    public static void Apply(IsaLevel tier)
    {
        NativeLibraries.SetVariable(CpuInfo.IsaVariable, tier.ToString());
        if (tier == IsaLevel.Avx512)
            return;
        NativeLibraries.SetVariable("ONEDNN_MAX_CPU_ISA", "AVX2");
        NativeLibraries.SetVariable("DNNL_MAX_CPU_ISA", "AVX2");
        NativeLibraries.SetVariable("ATEN_CPU_CAPABILITY", "avx2");
    }
}

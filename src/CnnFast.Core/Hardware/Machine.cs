using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace CnnFast;

/// <summary>
/// What a processor can do in a cycle and keep in its caches. The models that choose tiles and cut work read it; it never decides anything
/// that changes a result. Immutable.
/// </summary>
public sealed class Machine
{
    internal Machine(Microarchitecture core, CacheSizes caches)
    {
        Core = core;
        L1DataBytes = caches.L1Data;
        L2Bytes = caches.L2;
        L3Bytes = caches.L3;
    }

    /// <summary>The processor of this process.</summary>
    public static Machine Current { get; } = X86Base.IsSupported
        ? FromCpuId(Query, CpuInfo.Name)
        : new Machine(Microarchitecture.Unknown, CacheSizes.Usual);

    /// <summary>The name of the processor's design, such as <c>Zen 4</c>; <c>unknown</c> where it is not in our table.</summary>
    public string Design => Core.Name;

    /// <summary>Bits of the widest vectors that kernels use here.</summary>
    public int VectorBits { get; } = CpuInfo.IsSupported(IsaLevel.Avx512) ? 512 : CpuInfo.IsSupported(IsaLevel.Avx2) ? 256 : 128;

    /// <summary>Vector registers of the processor, as far as this runtime uses them.</summary>
    public int VectorRegisters { get; } = CpuInfo.IsSupported(IsaLevel.Avx512) || AdvSimd.Arm64.IsSupported ? 32 : 16;

    /// <summary>Cycles until the sum of a multiply-add can be used.</summary>
    public int FmaLatency { get; } = 4;

    /// <summary>Bytes of a core's level-1 data cache.</summary>
    public int L1DataBytes { get; }

    /// <summary>Bytes of a core's level-2 cache.</summary>
    public int L2Bytes { get; }

    /// <summary>Bytes of the level-3 cache that cores share.</summary>
    public int L3Bytes { get; }

    /// <summary>
    /// Bytes that one core's piece of work may count on: its level-2 cache, of which no more than 1 MiB has been shown to help.
    /// </summary>
    internal int CoreCacheBytes => Math.Min(L2Bytes, 1024 * 1024);

    /// <summary>Bytes that a run may count on of the level-3 cache: no more than 32 MiB, because a larger one serves many cores.</summary>
    internal int SharedCacheBytes => Math.Min(L3Bytes, 32 * 1024 * 1024);

    internal Microarchitecture Core { get; }

    /// <summary>Multiply-adds that a core starts in a cycle.</summary>
    /// <param name="vectorBits">Bits of their vectors.</param>
    /// <returns>One or two.</returns>
    public int FmasPerCycle(int vectorBits) => vectorBits switch
    {
        > 256 => Core.Fma512,
        > 128 => Core.Fma256,
        _ => 2,
    };

    /// <summary>Loads that a core starts in a cycle.</summary>
    /// <param name="vectorBits">Bits of a load.</param>
    /// <returns>One or two.</returns>
    public int LoadsPerCycle(int vectorBits) => vectorBits > 256 ? Core.Loads512 : 2;

    /// <summary>The machine that answers CPUID like this.</summary>
    /// <param name="cpuId">The answers, by leaf and subleaf.</param>
    /// <param name="brand">The processor's name.</param>
    internal static Machine FromCpuId(Func<uint, uint, CpuIdRegisters> cpuId, string brand)
    {
        CpuIdRegisters first = cpuId(0, 0);
        Span<byte> letters = stackalloc byte[12];
        BitConverter.TryWriteBytes(letters, first.Ebx);
        BitConverter.TryWriteBytes(letters[4..], first.Edx);
        BitConverter.TryWriteBytes(letters[8..], first.Ecx);
        string vendor = Encoding.ASCII.GetString(letters);
        int signature = cpuId(1, 0).Eax;
        int family = (signature >> 8) & 0xF;
        int model = (signature >> 4) & 0xF;
        if (family is 6 or 0xF)
            model += ((signature >> 16) & 0xF) << 4;
        if (family == 0xF)
            family += (signature >> 20) & 0xFF;
        CacheSizes caches = CacheSizes.Read(cpuId, vendor is "AuthenticAMD" or "HygonGenuine");
        return new Machine(Microarchitecture.Find(vendor, family, model, brand), caches);
    }

    private static CpuIdRegisters Query(uint leaf, uint subleaf)
    {
        (int eax, int ebx, int ecx, int edx) = X86Base.CpuId((int)leaf, (int)subleaf);
        return new CpuIdRegisters(eax, ebx, ecx, edx);
    }
}

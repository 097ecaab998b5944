namespace CnnFast;

/// <summary>The sizes of a core's caches in bytes; the third level is shared.</summary>
internal readonly record struct CacheSizes(int L1Data, int L2, int L3)
{
    private const int DeterministicLeaf = 4;
    private const uint AmdLeaf = 0x8000001D;
    private const int MaxCaches = 16;

    /// <summary>Taken where the processor does not say.</summary>
    public static CacheSizes Usual { get; } = new(32 * 1024, 1024 * 1024, 32 * 1024 * 1024);

    /// <summary>
    /// The sizes that CPUID tells, in leaf 4 or AMD's leaf of the same layout; <see cref="Usual"/> for a level that it leaves out.
    /// </summary>
    public static CacheSizes Read(Func<uint, uint, CpuIdRegisters> cpuId, bool amd)
    {
        uint leaf = amd ? AmdLeaf : DeterministicLeaf;
        CacheSizes sizes = Usual;
        if ((uint)cpuId(amd ? 0x80000000 : 0, 0).Eax < leaf)
            return sizes;
        for (uint i = 0; i < MaxCaches; i++)
        {
            CpuIdRegisters answer = cpuId(leaf, i);
            int type = answer.Eax & 0x1F;
            if (type == 0)
                break;
            int bytes = Bytes(answer);
            const int Data = 1, Unified = 3, Least = 4096;
            if (bytes < Least)
                continue;
            sizes = (type, (answer.Eax >> 5) & 7) switch
            {
                (Data, 1) => sizes with { L1Data = bytes },
                (Data or Unified, 2) => sizes with { L2 = bytes },
                (Data or Unified, 3) => sizes with { L3 = bytes },
                _ => sizes,
            };
        }

        return sizes;
    }

    // Ways × partitions × line × sets, each stored less one.
    private static int Bytes(CpuIdRegisters answer)
    {
        long ways = ((answer.Ebx >> 22) & 0x3FF) + 1, partitions = ((answer.Ebx >> 12) & 0x3FF) + 1, line = (answer.Ebx & 0xFFF) + 1;
        long bytes = ways * partitions * line * ((uint)answer.Ecx + 1L);
        return (int)Math.Min(bytes, 1 << 30);
    }
}

using System.Runtime.InteropServices;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Keeps this thread, and every thread that it or an engine starts from now on, on the same few processors.</summary>
internal static partial class CpuPinning
{
    private const int MaskWords = 16;

    /// <summary>Pins to the last processors that the process may use.</summary>
    /// <param name="count">How many.</param>
    /// <returns>What was done, in words.</returns>
    public static string Pin(int count)
    {
        if (!OperatingSystem.IsLinux())
            return "not pinned";
        ulong[] mask = new ulong[MaskWords];
        if (GetAffinity(0, sizeof(ulong) * MaskWords, mask) < 0)
            return "not pinned";
        int[] chosen = [.. Enumerable.Range(0, 64 * MaskWords).Where(i => (mask[i / 64] >> (i % 64) & 1) != 0).TakeLast(count)];
        Array.Clear(mask);
        foreach (int processor in chosen)
            mask[processor / 64] |= 1UL << (processor % 64);
        return SetAffinity(0, sizeof(ulong) * MaskWords, mask) < 0 ? "not pinned" : $"pinned to processor(s) {string.Join(", ", chosen)}";
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint bytes, [In, Out] ulong[] mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint bytes, ulong[] mask);
}

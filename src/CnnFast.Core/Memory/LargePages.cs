using System.Runtime.InteropServices;

namespace CnnFast;

/// <summary>
/// Asks the system to back large buffers with pages of 2 MB, which Linux gives only where a program asks (the setting "madvise" of transparent huge pages, as most distributions have it): weights of
/// megabytes are then read without a walk through page tables every 4 kB. A hint: where it is not taken, nothing changes.
/// </summary>
internal static unsafe partial class LargePages
{
    private const nuint PageBytes = 2 << 20;
    private const int HugePage = 14;

    /// <summary>Buffers below this gain nothing worth a system call.</summary>
    private const nuint LeastBytes = 2 * PageBytes;

    /// <summary>Asks for large pages where whole ones lie in a range of memory that was not written yet.</summary>
    public static void Advise(void* start, nuint bytes)
    {
        if (bytes < LeastBytes || !OperatingSystem.IsLinux())
            return;
        nuint first = ((nuint)start + PageBytes - 1) / PageBytes * PageBytes;
        nuint last = ((nuint)start + bytes) / PageBytes * PageBytes;
        try
        {
            _ = Advise((void*)first, last - first, HugePage);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A Linux whose C library has another name keeps its small pages.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}

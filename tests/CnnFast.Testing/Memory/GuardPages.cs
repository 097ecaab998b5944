using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CnnFast.Testing;

/// <summary>Pages of memory between two pages without access, from mmap or VirtualAlloc.</summary>
internal static unsafe partial class GuardPages
{
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymousLinux = 0x2 | 0x20;
    private const int PrivateAnonymousMac = 0x2 | 0x1000;
    private const uint CommitAndReserve = 0x1000 | 0x2000;
    private const uint Release = 0x8000;
    private const uint PageNoAccess = 0x01;
    private const uint PageReadWrite = 0x04;

    /// <summary>Maps <paramref name="bytes"/> (whole pages) between two guard pages and returns the first usable byte.</summary>
    public static byte* Allocate(nuint bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint total = bytes + (2 * page);
        byte* start = OperatingSystem.IsWindows()
            ? (byte*)VirtualAlloc(null, total, CommitAndReserve, PageNoAccess)
            : (byte*)MMap(null, total, 0, OperatingSystem.IsMacOS() ? PrivateAnonymousMac : PrivateAnonymousLinux, -1, 0);
        if (start is null || start == (byte*)-1)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Cannot map {total} bytes for a guarded buffer.");
        bool opened = bytes == 0 || (OperatingSystem.IsWindows()
            ? VirtualProtect(start + page, bytes, PageReadWrite, out _) != 0
            : MProtect(start + page, bytes, ReadWrite) == 0);
        if (!opened)
        {
            int error = Marshal.GetLastPInvokeError();
            Free(start + page, bytes);
            throw new Win32Exception(error, $"Cannot open {bytes} bytes of a guarded buffer.");
        }

        return start + page;
    }

    /// <summary>Unmaps what <see cref="Allocate"/> returned.</summary>
    public static void Free(byte* usable, nuint bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        if (OperatingSystem.IsWindows())
            _ = VirtualFree(usable - page, 0, Release);
        else
            _ = MUnmap(usable - page, bytes + (2 * page));
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* MMap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int MProtect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int MUnmap(void* address, nuint length);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial void* VirtualAlloc(void* address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualProtect(void* address, nuint size, uint protection, out uint before);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualFree(void* address, nuint size, uint type);
}

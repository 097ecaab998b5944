namespace CnnFast.Benchmarks.Peers;

/// <summary>What a program that was copied elsewhere, or runs on another system, misses.</summary>
internal static class MissingPart
{
    /// <summary>Whether an exception says that a file, folder or native library is not there.</summary>
    public static bool Is(Exception exception) => exception.GetBaseException()
        is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or FileNotFoundException
        or DirectoryNotFoundException or PeerAbsentException;

    /// <summary>The reason of an exception in one line.</summary>
    public static string Describe(Exception exception)
    {
        Exception reason = exception.GetBaseException();
        string[] lines = reason.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (reason is not DllNotFoundException)
            return string.Join(' ', lines).TrimEnd('.');
        // The first line is the runtime's, with advice behind its sentence; the system's reasons follow, one for each name that was tried.
        string? why = lines.Skip(1).FirstOrDefault(line => !line.Contains("cannot open shared object", StringComparison.Ordinal));
        return why ?? lines[0].Split(". ")[0].TrimEnd('.');
    }
}

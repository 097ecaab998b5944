using System.Globalization;

namespace CnnFast.TensorBoard;

/// <summary>
/// An event file of TensorBoard: records (<see cref="RecordWriter"/>) of the message <c>Event</c>, the version of the format first.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const string Prefix = "events.out.tfevents.";

    private readonly FileStream _stream;
    private readonly RecordWriter _records;

    private EventFile(FileStream stream)
    {
        _stream = stream;
        _records = new RecordWriter(stream);
    }

    /// <summary>Creates a file that TensorBoard reads after all others of the folder.</summary>
    public static EventFile Create(string directory, DateTimeOffset now)
    {
        Directory.CreateDirectory(directory);
        long seconds = Math.Max(now.ToUnixTimeSeconds(), NewestOf(directory) + 1);
        string name = string.Create(CultureInfo.InvariantCulture,
            $"{Prefix}{seconds:0000000000}.{Environment.MachineName}.{Environment.ProcessId}");
        var file = new EventFile(new FileStream(Path.Combine(directory, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read));
        file._records.Write(EventMessage.Version(now));
        return file;
    }

    /// <summary>Says that the steps from this one on, in this file and those before it, are void.</summary>
    public void WriteStart(DateTimeOffset now, long step) => _records.Write(EventMessage.SessionStart(now, step));

    /// <summary>Writes numbers of a step.</summary>
    public void WriteScalars(DateTimeOffset now, long step, IEnumerable<Scalar> scalars) =>
        _records.Write(EventMessage.Scalars(now, step, scalars));

    /// <summary>Brings what was written to the file.</summary>
    public void Flush() => _stream.Flush();

    public void Dispose() => _stream.Dispose();

    // Files are read in the order of their names, which begin with the second.
    private static long NewestOf(string directory)
    {
        long newest = 0;
        foreach (string path in Directory.EnumerateFiles(directory, Prefix + "*"))
        {
            ReadOnlySpan<char> rest = Path.GetFileName(path.AsSpan())[Prefix.Length..];
            int end = rest.IndexOf('.');
            if (long.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
                newest = Math.Max(newest, seconds);
        }

        return newest;
    }
}

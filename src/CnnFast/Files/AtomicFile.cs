namespace CnnFast.Files;

/// <summary>
/// Writes a file so that its name holds the old content or the whole new content at every moment, whenever the process ends: the bytes
/// go to a file of another name in the same folder (<c>.cnnfast.RANDOM.tmp</c>), reach the disk, and take the name over in one step.
/// A writer that is disposed before <see cref="Commit"/> leaves the old file and nothing else; a process that is killed may leave
/// the other file behind.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _target;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _committed;

    private AtomicFile(string path, string target, string temporary, FileStream stream)
    {
        _path = path;
        _target = target;
        _temporary = temporary;
        _stream = stream;
    }

    /// <summary>Where the new content goes.</summary>
    public Stream Stream => _stream;

    /// <summary>Holds a path to everything that <see cref="Create"/> will ask of it later; what has its name now stays.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    /// <exception cref="IOException">There is no such folder, or the path is that of a folder or a device, or too long.</exception>
    public static void RequireWritable(string path)
    {
        // A file that is started and dropped: whatever could refuse the content refuses it now.
        using AtomicFile probe = Create(path);
    }

    /// <summary>Starts to write a file; what has its name now stays until <see cref="Commit"/>.</summary>
    /// <param name="path">The file. Through a symbolic link, the file that the link names is replaced.</param>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    /// <exception cref="IOException">There is no such folder, or the path is that of a folder or a device, or too long.</exception>
    public static AtomicFile Create(string path)
    {
        (string target, string folder) = Resolve(path);

        // A name of its own, not one made from the target's: where the target's name is not too long, this one is not either.
        string temporary = Path.Combine(folder, $".cnnfast.{Path.GetRandomFileName()}.tmp");
        try
        {
            return new AtomicFile(path, target, temporary, new FileStream(temporary, Options(target)));
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new UnauthorizedAccessException($"Cannot write '{path}': this user may not create files in '{folder}'.", failure);
        }
        catch (IOException failure)
        {
            throw new IOException($"Cannot write '{path}': no file can be created in '{folder}' ({failure.Message}).", failure);
        }
    }

    /// <summary>Writes content to <see cref="Stream"/>.</summary>
    /// <exception cref="IOException">The disk is full or failed; the old file is as it was.</exception>
    internal void Write(Action<Stream> content)
    {
        try
        {
            content(_stream);
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            throw Failed(failure);
        }
    }

    /// <summary>Brings the content to the disk and gives it the file's name.</summary>
    /// <exception cref="UnauthorizedAccessException">The old file may not be replaced; it is as it was.</exception>
    /// <exception cref="IOException">The disk is full or failed, or the old file is in use; it is as it was.</exception>
    public void Commit()
    {
        try
        {
            _stream.Flush(flushToDisk: true);
            _stream.Dispose();
            File.Move(_temporary, _target, overwrite: true);
            _committed = true;
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new UnauthorizedAccessException($"Cannot write '{_path}': this user may not replace the file that is there.", failure);
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            throw Failed(failure);
        }
    }

    /// <summary>Drops the new content unless it was committed.</summary>
    public void Dispose()
    {
        if (_committed)
            return;
        try
        {
            _stream.Dispose();
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            // The last buffered bytes found no room; they are dropped anyway.
        }

        File.Delete(_temporary);
    }

    // A file that is longer than the file system or the user's limit allows is an argument out of range to FileStream.
    private static bool IsOfDisk(Exception failure) => failure is IOException or ArgumentOutOfRangeException { ParamName: "value" };

    private IOException Failed(Exception failure) => new(
        $"Cannot write '{_path}': " + (failure is IOException ? failure.Message : "the file is longer than the file system allows."),
        failure);

    // What a path stands for: the file that gets the content, behind every link, and the folder that it is in.
    private static (string Target, string Folder) Resolve(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            throw new IOException($"Cannot write '{path}': it is a folder; expected the path of a file.");
        string target = Path.GetFullPath(new FileInfo(path).LinkTarget is null
            ? path
            : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        string folder = Path.GetDirectoryName(target) ?? throw new IOException($"Cannot write '{path}': it names no file.");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"Cannot write '{path}': there is no folder '{folder}'; create it first.");
        if (IsDevice(target))
            throw new IOException($"Cannot write '{path}': it is a device; expected the path of a file.");
        if (IsReadOnly(path, target))
            throw new UnauthorizedAccessException(
                $"Cannot write '{path}': the file is read-only; expected one that this user may replace.");
        return (target, folder);
    }

    // All that is under /dev but the memory that is shared through files.
    private static bool IsDevice(string target) => !OperatingSystem.IsWindows()
        && target.StartsWith("/dev/", StringComparison.Ordinal) && !target.StartsWith("/dev/shm/", StringComparison.Ordinal);

    private static bool IsReadOnly(string path, string target)
    {
        try
        {
            return (File.GetAttributes(target) & FileAttributes.ReadOnly) != 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (PathTooLongException failure)
        {
            throw new PathTooLongException($"Cannot write '{path}': its name is too long; expected a shorter one.", failure);
        }
        catch (IOException failure)
        {
            throw new IOException($"Cannot write '{path}': {failure.Message}", failure);
        }
    }

    private static FileStreamOptions Options(string target)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 1 << 16,
        };
        if (!OperatingSystem.IsWindows() && File.Exists(target))
            options.UnixCreateMode = File.GetUnixFileMode(target);
        return options;
    }
}

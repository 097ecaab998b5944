using CnnFast.Files;


namespace CnnFast.Onnx.Reading;

/// <summary>The bytes of an open file, which are read when they are asked for.</summary>
internal sealed class FileSource : ByteSource
{
    private readonly FileStream _file;
    private readonly DateTime _written;

    private FileSource(FileStream file)
    {
        _file = file;
        Length = file.Length;
        _written = File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be.</param>
    /// <exception cref="DataFormatException">It is no file that can be read from any place.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static FileSource Open(string path, string expected)
    {
        FileStream file = InputFile.Open(path, expected);
        if (file.CanSeek)
            return new FileSource(file) { Name = path };
        file.Dispose();
        throw new DataFormatException($"'{path}' is a pipe or a device; expected {expected}.");
    }

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(_file.SafeFileHandle, destination, offset);
            if (read == 0)
                throw Shorter(offset);
            offset += read;
            destination = destination[read..];
        }

        if (File.GetLastWriteTimeUtc(_file.SafeFileHandle) == _written)
            return;
        if (RandomAccess.GetLength(_file.SafeFileHandle) is long length && length < Length)
            throw Shorter(length);
        throw new DataFormatException($"'{Name}' was written over since it was opened; expected it as it was, " +
            "since weights are read from it when they are asked for: load the model again, and put new files in the place of old ones.");
    }

    private DataFormatException Shorter(long length) => new($"'{Name}' ends after {length} bytes; when it was opened it had {Length}.");

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();
}

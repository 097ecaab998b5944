namespace CnnFast.Onnx.Reading;

/// <summary>Bytes that are read by their place: of a file or of memory.</summary>
internal abstract class ByteSource : IDisposable
{
    /// <summary>What messages call it.</summary>
    public required string Name { get; init; }

    /// <summary>How many bytes there are.</summary>
    public abstract long Length { get; }

    /// <summary>Fills a span with the bytes from a place on.</summary>
    /// <param name="offset">The place, with as many bytes after it.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <exception cref="DataFormatException">The source has become shorter or was written over.</exception>
    public abstract void Read(long offset, Span<byte> destination);

    /// <inheritdoc/>
    public abstract void Dispose();
}

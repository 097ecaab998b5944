using System.Buffers.Binary;
using System.IO.Compression;
using CnnFast.Files;

namespace CnnFast.Data;

/// <summary>
/// Reads one IDX file of bytes, plain or gzip (told apart by content): the header at once, then the elements in any portions. The input is
/// untrusted: nothing is allocated for what the header merely claims. Not thread-safe.
/// </summary>
/// <remarks>The format (Y. LeCun): two zero bytes, the element type (8 = unsigned byte), the number of dimensions, each dimension as a
/// big-endian 32-bit number, then the elements, the last dimension contiguous.</remarks>
public sealed class IdxReader : IDisposable
{
    private const byte UnsignedByte = 0x08;

    private readonly PeekStream _source;
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly bool _isGzip;
    private bool _finished;

    /// <summary>Reads the header of an IDX stream.</summary>
    /// <param name="stream">The stream, at the start of the IDX or gzip data.</param>
    /// <param name="name">What messages call it, such as its file name.</param>
    /// <param name="rank">How many dimensions it must have: 1 for labels, 3 for grey images.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="DataFormatException">The header is not that of such a file.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rank"/> is not from 1 to 8.</exception>
    public IdxReader(Stream stream, string name, int rank, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        if (rank is < 1 or > 8)
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"IdxReader: {rank} dimensions were asked for; expected 1 to 8.");
        Name = name;
        _leaveOpen = leaveOpen;
        try
        {
            _source = new PeekStream(stream, 2);
            _isGzip = _source.Peeked is [0x1F, 0x8B];
            _stream = _isGzip ? new GZipStream(_source, CompressionMode.Decompress, leaveOpen: true) : _source;
            Shape = ReadHeader(rank);
            Remaining = Shape.ElementCount;
        }
        catch
        {
            _stream?.Dispose();
            if (!leaveOpen)
                stream.Dispose();
            throw;
        }
    }

    /// <summary>What messages call the file.</summary>
    public string Name { get; }

    /// <summary>The dimensions, such as <c>[N, H, W]</c> for images or <c>[N]</c> for labels.</summary>
    public Shape Shape { get; }

    /// <summary>How many elements have not been read yet.</summary>
    public int Remaining { get; private set; }

    /// <summary>Opens an IDX file, plain or gzip, and reads its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rank">How many dimensions it must have: 1 for labels, 3 for grey images.</param>
    /// <returns>The reader, which owns the file.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The header is not that of such a file.</exception>
    public static IdxReader Open(string path, int rank)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new IdxReader(InputFile.Open(path, "an IDX file"), path, rank);
    }

    /// <summary>Reads the next elements. At the end of them it makes sure that the file ends as well.</summary>
    /// <param name="destination">Receives the elements; filled whole unless fewer remain.</param>
    /// <returns>How many were read; 0 at the end.</returns>
    /// <exception cref="DataFormatException">The file is truncated, goes on after its last element, or its gzip data is
    /// corrupt.</exception>
    public int Read(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, Remaining);
        int found = ReadUpTo(destination[..count]);
        Remaining -= found;
        if (found < count)
            throw Truncated();
        if (Remaining == 0)
            Finish();
        return count;
    }

    /// <summary>Reads all remaining elements and makes sure that the file ends after them.</summary>
    /// <returns>The elements.</returns>
    /// <exception cref="DataFormatException">The file is truncated, goes on after its last element, or its gzip data is
    /// corrupt.</exception>
    public byte[] ReadAll()
    {
        long? held = !_isGzip ? _source.RemainingLength : null;
        if (held < Remaining)
        {
            Remaining -= (int)held;
            throw Truncated();
        }

        int count = Remaining;
        byte[] elements = UntrustedArray.Read<byte>(count, held is not null, ReadUpTo, out long found);
        Remaining -= (int)found;
        if (found < count)
            throw Truncated();
        Finish();
        return elements;
    }

    /// <summary>Closes the stream, unless it was to be left open.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        if (!_leaveOpen)
            _source.Inner.Dispose();
    }

    private Shape ReadHeader(int rank)
    {
        Span<byte> header = stackalloc byte[4 + (4 * rank)];
        int found = ReadUpTo(header[..4]);
        if (found < 4)
            throw Error($"ends after {found} bytes; expected an IDX header of {header.Length} bytes");
        if (header[0] != 0 || header[1] != 0 || header[2] != UnsignedByte || header[3] != rank)
            throw Error($"starts with 0x{BinaryPrimitives.ReadUInt32BigEndian(header):X8}; expected 0x{(UnsignedByte << 8) + rank:X8}, " +
                $"the magic number of IDX bytes in {rank} dimension{(rank == 1 ? "" : "s")}");
        found += ReadUpTo(header[4..]);
        if (found < header.Length)
            throw Error($"ends after {found} bytes; expected an IDX header of {header.Length} bytes");

        Span<int> dimensions = stackalloc int[rank];
        for (int i = 0; i < rank; i++)
        {
            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + (4 * i))..]);
            if (dimension is 0 or > int.MaxValue)
                throw Error($"has a dimension {i} of {dimension}; expected 1 to {int.MaxValue}");
            dimensions[i] = (int)dimension;
        }

        long count = 1;
        foreach (int dimension in dimensions)
        {
            if (count > Array.MaxLength / dimension)
                throw Error($"has the dimensions [{string.Join(", ", dimensions.ToArray())}]; " +
                    $"expected at most {Array.MaxLength} elements, which one data set can hold");
            count *= dimension;
        }

        return new Shape(dimensions);
    }

    private int ReadUpTo(Span<byte> destination)
    {
        try
        {
            return _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException failure)
        {
            throw new DataFormatException(
                $"'{Name}' holds corrupt gzip data: it does not unpack to what its checksum says; expected an intact file.", failure);
        }
    }

    private void Finish()
    {
        if (_finished)
            return;
        Span<byte> more = stackalloc byte[1];
        if (ReadUpTo(more) != 0)
            throw Error(
                $"goes on after its last element; expected the end after {Shape.ElementCount} elements, as its header says {Shape}");
        if (_isGzip && _source.LastFour > 4 + (4 * Shape.Rank) + (long)Shape.ElementCount)
            throw Error("does not end with the checksum and length of its gzip data: it is cut short or has bytes after them; " +
                "expected an intact file");
        _finished = true;
    }

    private DataFormatException Truncated() =>
        Error($"ends after {Shape.ElementCount - Remaining} of its elements; expected {Shape.ElementCount}, as its header says {Shape}");

    private DataFormatException Error(string what) => new($"'{Name}' {what}.");
}

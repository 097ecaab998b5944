using System.Buffers.Binary;

namespace CnnFast.Data;

/// <summary>
/// Reads a stream whose first bytes were looked at already, and remembers how it ended: the last four bytes of a gzip file are the length
/// of its last member, so a larger number there means that the end is lost
/// (<see cref="System.IO.Compression.GZipStream"/> does not say so).
/// </summary>
internal sealed class PeekStream : Stream
{
    private readonly byte[] _peeked;
    private readonly byte[] _last = new byte[4];
    private int _replayed;

    public PeekStream(Stream inner, int peek)
    {
        Inner = inner;
        _peeked = new byte[peek];
        int found = inner.ReadAtLeast(_peeked, peek, throwOnEndOfStream: false);
        _peeked = _peeked[..found];
    }

    public Stream Inner { get; }

    /// <summary>The first bytes of the stream, fewer than asked for where it is shorter.</summary>
    public ReadOnlySpan<byte> Peeked => _peeked;

    /// <summary>The last four bytes that were read, as a little-endian number.</summary>
    public uint LastFour => BinaryPrimitives.ReadUInt32LittleEndian(_last);

    /// <summary>How many bytes are left, where the stream can tell.</summary>
    public long? RemainingLength => Inner.CanSeek ? Math.Max(0, Inner.Length - Inner.Position) + _peeked.Length - _replayed : null;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _peeked.Length - _replayed);
        if (count > 0)
        {
            _peeked.AsSpan(_replayed, count).CopyTo(buffer);
            _replayed += count;
        }
        else
        {
            count = Inner.Read(buffer);
        }

        Remember(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Remember(ReadOnlySpan<byte> read)
    {
        if (read.Length >= 4)
        {
            read[^4..].CopyTo(_last);
            return;
        }

        _last.AsSpan(read.Length).CopyTo(_last);
        read.CopyTo(_last.AsSpan(4 - read.Length));
    }
}

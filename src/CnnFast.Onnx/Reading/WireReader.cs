using System.Buffers.Binary;
using Google.Protobuf;

namespace CnnFast.Onnx.Reading;

/// <summary>
/// Reads the fields of protobuf messages from a source that may be larger than memory. Google.Protobuf's own reader cannot pass over a
/// field by its place, which is what keeps the weights out of memory here.
/// </summary>
internal sealed class WireReader(ByteSource source)
{
    private const int BufferLength = 1 << 15;
    private const int MaxVarintBytes = 10;

    private readonly byte[] _buffer = new byte[(int)Math.Min(BufferLength, Math.Max(1, source.Length))];
    private long _bufferStart;
    private int _buffered;
    private int _next;

    /// <summary>The place of the next byte; setting it passes over what lies between.</summary>
    public long Position
    {
        get => _bufferStart + _next;
        set
        {
            long next = value - _bufferStart;
            if (next >= 0 && next <= _buffered)
            {
                _next = (int)next;
                return;
            }

            _bufferStart = value;
            _buffered = 0;
            _next = 0;
        }
    }

    /// <summary>Reads the start of the next field, and a number whole.</summary>
    /// <param name="end">Where the message ends.</param>
    /// <exception cref="DataFormatException">There is no field.</exception>
    public WireField ReadField(long end)
    {
        long start = Position;
        ulong tag = ReadVarint(end);
        ulong number = tag >> 3;
        if (number is 0 or > (1 << 29) - 1)
            throw Damaged(start, "holds no field of a message");
        var type = (WireFormat.WireType)(tag & 7);
        switch (type)
        {
            case WireFormat.WireType.Varint:
                ulong value = ReadVarint(end);
                return new WireField(start, (int)number, type, value, Position);
            case WireFormat.WireType.Fixed32:
                return new WireField(start, (int)number, type, ReadFixed(4, end), Position);
            case WireFormat.WireType.Fixed64:
                return new WireField(start, (int)number, type, ReadFixed(8, end), Position);
            case WireFormat.WireType.LengthDelimited:
                ulong length = ReadVarint(end);
                if (length > (ulong)(end - Position))
                    throw Damaged(start, $"claims a field of {length} bytes where {end - Position} are left");
                return new WireField(start, (int)number, type, length, Position + (long)length);
            default:
                throw Damaged(start, "holds a field that is encoded in no way that ONNX uses");
        }
    }

    /// <summary>Reads a number of variable length.</summary>
    /// <param name="end">Where it must have ended.</param>
    /// <exception cref="DataFormatException">It does not end, there or after ten bytes.</exception>
    public ulong ReadVarint(long end)
    {
        ulong value = 0;
        for (int i = 0; i < MaxVarintBytes; i++)
        {
            if (Position >= end)
                break;
            byte next = ReadByte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
                return value;
        }

        throw Damaged(Position, "ends within a number");
    }

    /// <summary>Reads bytes, as many as the span has.</summary>
    /// <param name="destination">Receives the bytes, which the source is known to hold.</param>
    public void Read(Span<byte> destination)
    {
        int here = Math.Min(destination.Length, _buffered - _next);
        _buffer.AsSpan(_next, here).CopyTo(destination);
        _next += here;
        if (here == destination.Length)
            return;
        source.Read(Position, destination[here..]);
        Position += destination.Length - here;
    }

    private byte ReadByte()
    {
        if (_next == _buffered)
        {
            _bufferStart += _next;
            _next = 0;
            _buffered = (int)Math.Min(_buffer.Length, source.Length - _bufferStart);
            source.Read(_bufferStart, _buffer.AsSpan(0, _buffered));
        }

        return _buffer[_next++];
    }

    private ulong ReadFixed(int size, long end)
    {
        if (end - Position < size)
            throw Damaged(Position, "ends within a number");
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        Read(bytes[..size]);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private DataFormatException Damaged(long position, string what) =>
        new($"'{source.Name}' {what} at byte {position}; expected an ONNX model.");
}

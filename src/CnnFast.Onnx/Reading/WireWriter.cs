using System.Buffers.Binary;
using Google.Protobuf;

namespace CnnFast.Onnx.Reading;

/// <summary>
/// The parts of messages that are kept for the generated parsers, as a stack: a message's parts begin at a mark, and go when it is parsed,
/// so that the parts of the message around it go on where they were.
/// </summary>
internal sealed class WireWriter
{
    private const int MaxVarintBytes = 10;

    private byte[] _bytes = new byte[1 << 12];

    /// <summary>The place where the next part goes.</summary>
    public int Mark { get; private set; }

    /// <summary>Appends a field as it was read.</summary>
    /// <param name="field">The field.</param>
    /// <param name="reader">Stands at the field's bytes, and after them when this returns.</param>
    public void Add(in WireField field, WireReader reader)
    {
        AddVarint(((ulong)(uint)field.Number << 3) | (uint)field.Type);
        switch (field.Type)
        {
            case WireFormat.WireType.Fixed32:
                BinaryPrimitives.WriteUInt32LittleEndian(Take(4), (uint)field.Value);
                break;
            case WireFormat.WireType.Fixed64:
                BinaryPrimitives.WriteUInt64LittleEndian(Take(8), field.Value);
                break;
            default:
                AddVarint(field.Value);
                if (field.HasBytes)
                    reader.Read(Take((int)field.Value));
                break;
        }
    }

    /// <summary>Parses what was appended since a mark, and removes it.</summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="mark">The mark.</param>
    /// <param name="parser">The message's parser.</param>
    /// <exception cref="InvalidProtocolBufferException">The parts make no such message.</exception>
    public T Parse<T>(int mark, MessageParser<T> parser)
        where T : IMessage<T>
    {
        T message = parser.ParseFrom(_bytes, mark, Mark - mark);
        Mark = mark;
        return message;
    }

    private void AddVarint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[MaxVarintBytes];
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        bytes[..length].CopyTo(Take(length));
    }

    private Span<byte> Take(int length)
    {
        if (_bytes.Length - Mark < length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Mark + length));
        Span<byte> taken = _bytes.AsSpan(Mark, length);
        Mark += length;
        return taken;
    }
}

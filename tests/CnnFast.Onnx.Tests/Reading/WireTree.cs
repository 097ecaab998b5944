using Google.Protobuf;

namespace CnnFast.Onnx.Tests.Reading;

/// <summary>A protobuf message as fields in fields, whatever they mean, so that it can be changed and stay well-formed.</summary>
internal sealed class WireTree
{
    private readonly uint _tag;
    private readonly ulong _number;
    private readonly byte[] _bytes;

    private WireTree(uint tag, ulong number, byte[] bytes, List<WireTree>? fields)
    {
        _tag = tag;
        _number = number;
        _bytes = bytes;
        Fields = fields;
    }

    /// <summary>The fields of a message; null for a number, and for bytes that make no message.</summary>
    public List<WireTree>? Fields { get; }

    /// <summary>Takes bytes apart; null where they make no message.</summary>
    public static List<WireTree>? Parse(byte[] bytes)
    {
        try
        {
            var input = new CodedInputStream(bytes);
            List<WireTree> fields = [];
            for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
            {
                switch (WireFormat.GetTagWireType(tag))
                {
                    case WireFormat.WireType.Varint:
                        fields.Add(new WireTree(tag, input.ReadUInt64(), [], null));
                        break;
                    case WireFormat.WireType.Fixed32:
                        fields.Add(new WireTree(tag, input.ReadFixed32(), [], null));
                        break;
                    case WireFormat.WireType.LengthDelimited:
                        byte[] content = input.ReadBytes().ToByteArray();
                        fields.Add(new WireTree(tag, 0, content, content.Length > 1 ? Parse(content) : null));
                        break;
                    default:
                        return null;
                }
            }

            return fields;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    public static byte[] Write(List<WireTree> fields)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            foreach (WireTree field in fields)
                field.WriteTo(output);
        }

        return stream.ToArray();
    }

    /// <summary>Another field in this one's place: another number, or a changed byte.</summary>
    public WireTree Changed(Random random)
    {
        if (_bytes.Length == 0)
            return new WireTree(_tag, Number(random), [], null);
        byte[] bytes = [.. _bytes];
        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return new WireTree(_tag, 0, bytes, null);
    }

    /// <summary>The same content under another number.</summary>
    public WireTree Renumbered(int number) => new(((uint)number << 3) | (_tag & 7), _number, _bytes, Fields);

    private static ulong Number(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << random.Next(64),
        3 => (1UL << random.Next(64)) - 1,
        _ => (ulong)random.Next(24),
    };

    private void WriteTo(CodedOutputStream output)
    {
        output.WriteTag(_tag);
        switch (WireFormat.GetTagWireType(_tag))
        {
            case WireFormat.WireType.Varint:
                output.WriteUInt64(_number);
                break;
            case WireFormat.WireType.Fixed32:
                output.WriteFixed32((uint)_number);
                break;
            default:
                output.WriteBytes(ByteString.CopyFrom(Fields is null ? _bytes : Write(Fields)));
                break;
        }
    }
}

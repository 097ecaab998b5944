using System.Buffers.Binary;
using System.Text;

namespace CnnFast.Tests.Training;

/// <summary>Reads event files of TensorBoard: written for the tests, with checksums from a table of bits, and no library.</summary>
internal sealed class EventReader
{
    private readonly byte[] _bytes;
    private int _at;

    private EventReader(byte[] bytes) => _bytes = bytes;

    /// <summary>The events of a file.</summary>
    public static List<ReadEvent> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var events = new List<ReadEvent>();
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            byte[] data = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            events.Add(new EventReader(data).Event());
            at += length + 16;
        }

        return events;
    }

    /// <summary>CRC-32C bit by bit, the reversed polynomial 0x82F63B78, and the mask of TFRecord files.</summary>
    public static uint Masked(ReadOnlySpan<byte> data)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in data)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
                sum = (sum & 1) == 1 ? (sum >> 1) ^ 0x82F63B78 : sum >> 1;
        }

        sum = ~sum;
        return ((sum >> 15) | (sum << 17)) + 0xA282EAD8;
    }

    private ReadEvent Event()
    {
        var read = new ReadEvent();
        while (_at < _bytes.Length)
        {
            switch (Varint())
            {
                case (1 << 3) | 1:
                    read.WallTime = BinaryPrimitives.ReadDoubleLittleEndian(Take(8));
                    break;
                case (2 << 3) | 0:
                    read.Step = (long)Varint();
                    break;
                case (3 << 3) | 2:
                    read.Version = Encoding.UTF8.GetString(Take((int)Varint()));
                    break;
                case (5 << 3) | 2:
                    new EventReader(Take((int)Varint()).ToArray()).Summary(read.Scalars);
                    break;
                case (7 << 3) | 2:
                    read.Session = Take((int)Varint()).ToArray();
                    break;
                default:
                    Assert.Fail("unknown field");
                    break;
            }
        }

        return read;
    }

    private void Summary(List<(string Tag, float Value)> scalars)
    {
        while (_at < _bytes.Length)
        {
            Assert.Equal((1UL << 3) | 2, Varint());
            var value = new EventReader(Take((int)Varint()).ToArray());
            Assert.Equal((1UL << 3) | 2, value.Varint());
            string tag = Encoding.UTF8.GetString(value.Take((int)value.Varint()));
            Assert.Equal((2UL << 3) | 5, value.Varint());
            scalars.Add((tag, BinaryPrimitives.ReadSingleLittleEndian(value.Take(4))));
            Assert.Equal(value._bytes.Length, value._at);
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = _bytes[_at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        _at += count;
        return _bytes.AsSpan(_at - count, count);
    }
}

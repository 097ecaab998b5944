using System.Buffers.Binary;
using System.Numerics;

namespace CnnFast.TensorBoard;

/// <summary>
/// Frames records as TFRecord files do: the length in 8 bytes and its masked checksum, the data and its masked checksum, all
/// little-endian. The checksum is CRC-32C, rotated right by 15 bits, plus 0xA282EAD8.
/// </summary>
internal sealed class RecordWriter(Stream stream)
{
    private const uint MaskDelta = 0xA282EAD8;

    /// <summary>Writes a record.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], MaskedChecksum(head[..8]));
        Span<byte> tail = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, MaskedChecksum(data));
        stream.Write(head);
        stream.Write(data);
        stream.Write(tail);
    }

    /// <summary>The checksum of bytes as records hold it.</summary>
    public static uint MaskedChecksum(ReadOnlySpan<byte> data)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in data)
            sum = BitOperations.Crc32C(sum, value);
        return BitOperations.RotateRight(~sum, 15) + MaskDelta;
    }
}

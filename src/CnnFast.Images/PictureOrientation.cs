using System.Buffers.Binary;

namespace CnnFast.Images;

/// <summary>
/// How a camera was held, which EXIF data say (CIPA DC-008, tag 0x0112). Read here, and nothing else of them: the decoder would copy every
/// value that they point to, as often as they do.
/// </summary>
internal static class PictureOrientation
{
    private const int Upright = 1;
    private const int Tag = 0x0112;
    private const int Entry = 12;

    private static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>The orientation: 1, upright, to 8; 1 where nothing says it.</summary>
    public static int Of(PictureKind kind, ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> data = kind switch
        {
            PictureKind.Png => PngCheck.Find(file, "eXIf"u8),
            PictureKind.Jpeg => FromJpeg(file),
            PictureKind.Webp => FromWebp(file),
            _ => [],
        };
        return FromExif(data.StartsWith(Prefix) ? data[Prefix.Length..] : data);
    }

    // The first segment APP1 with such data, before the scan.
    private static ReadOnlySpan<byte> FromJpeg(ReadOnlySpan<byte> file)
    {
        for (int at = 2; at + 4 <= file.Length && file[at] == 0xFF;)
        {
            byte marker = file[at + 1];
            if (marker is 0xFF or 0x01)
            {
                // A fill byte, or a marker without data.
                at += marker == 0xFF ? 1 : 2;
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (marker is 0xDA or 0xD9 || length < 2 || length > file.Length - at - 2)
                break;
            ReadOnlySpan<byte> data = file.Slice(at + 4, length - 2);
            if (marker == 0xE1 && data.StartsWith(Prefix))
                return data;
            at += 2 + length;
        }

        return [];
    }

    private static ReadOnlySpan<byte> FromWebp(ReadOnlySpan<byte> file)
    {
        for (long at = 12; at + 8 <= file.Length;)
        {
            ReadOnlySpan<byte> chunk = file[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (length > chunk.Length - 8)
                break;
            if (chunk.StartsWith("EXIF"u8))
                return chunk.Slice(8, (int)length);
            at += 8 + (long)length + (length & 1);
        }

        return [];
    }

    private static int FromExif(ReadOnlySpan<byte> data)
    {
        bool little = data.StartsWith("II*\0"u8);
        if (data.Length < 8 || (!little && !data.StartsWith("MM\0*"u8)))
            return Upright;
        uint at = UInt32(data[4..], little);
        if (at > data.Length - 2)
            return Upright;
        int count = UInt16(data[(int)at..], little);
        ReadOnlySpan<byte> entries = data[((int)at + 2)..];
        for (int i = 0; i < count && entries.Length >= Entry; i++, entries = entries[Entry..])
        {
            if (UInt16(entries, little) != Tag)
                continue;
            long value = UInt16(entries[2..], little) == 4 ? UInt32(entries[8..], little) : UInt16(entries[8..], little);
            return value is >= 1 and <= 8 ? (int)value : Upright;
        }

        return Upright;
    }

    private static int UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}

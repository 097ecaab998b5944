using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnFast.Cli.Tests;

/// <summary>A minimal PNG encoder that can also write what a correct one never would.</summary>
internal static class Png
{
    public const byte Grey = 0;
    public const byte Colour = 2;
    public const byte GreyAlpha = 4;
    public const byte ColourAlpha = 6;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256)
        .Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (crc, _) => (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1))];

    /// <summary>A whole file of pixels of 8 bits a channel.</summary>
    public static byte[] Encode(int width, int height, byte colourType, ReadOnlySpan<byte> pixels) =>
        Frame(width, height, colourType, 8, Pack(Rows(pixels, height)));

    /// <summary>Puts a filter byte of 0 before each row.</summary>
    public static byte[] Rows(ReadOnlySpan<byte> pixels, int height)
    {
        int row = pixels.Length / height;
        var rows = new byte[height * (row + 1)];
        for (int y = 0; y < height; y++)
            pixels.Slice(y * row, row).CopyTo(rows.AsSpan((y * (row + 1)) + 1));
        return rows;
    }

    public static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A file with any header and any pixel data.</summary>
    public static byte[] Frame(int width, int height, byte colourType, byte depth, ReadOnlySpan<byte> data, byte interlace = 0)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = depth;
        header[9] = colourType;
        header[12] = interlace;
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, data);
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(type, data));
        file.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in (ReadOnlySpan<byte>)[.. type, .. data])
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }
}

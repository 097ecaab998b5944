using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnFast.Images;

/// <summary>
/// Holds a PNG file to its format before it is decoded: chunks within the file and with the right checksums, and pixel data that unpack to
/// exactly the size that the header promises. The decoder checks none of these (W3C PNG specification, sections 5 and 10).
/// </summary>
internal static class PngCheck
{
    private const int HeaderLength = 13;
    private const int ChunkFrame = 12;
    private static readonly uint[] CrcTable = CreateCrcTable();

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Width and height as the header gives them.</summary>
    /// <exception cref="DataFormatException">The file ends before its header does, or starts with something else.</exception>
    public static (long Width, long Height) ReadSize(ReadOnlySpan<byte> file, string name)
    {
        int at = Signature.Length;
        if (file.Length < at + ChunkFrame + HeaderLength || !file.Slice(at + 4, 4).SequenceEqual("IHDR"u8))
            throw new DataFormatException($"'{name}' is not a whole PNG file: its {file.Length} bytes do not start with a header.");
        return (BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8)..]), BinaryPrimitives.ReadUInt32BigEndian(file[(at + 12)..]));
    }

    /// <summary>Throws unless the file is whole.</summary>
    /// <param name="file">The bytes, which start with <see cref="Signature"/>.</param>
    /// <param name="name">The file's name for messages.</param>
    /// <exception cref="DataFormatException">It is damaged; the sentence says where.</exception>
    public static void Require(ReadOnlySpan<byte> file, string name)
    {
        (MemoryStream packed, long expected) = Walk(file, name);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            Inflate(packed, expected, name, buffer, keep: false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The unpacked pixel data of a whole file: a filter byte and the packed pixels for each row of each pass.</summary>
    /// <param name="file">The bytes, which start with <see cref="Signature"/> and a header whose size is held to a limit.</param>
    /// <param name="name">The file's name for messages.</param>
    /// <exception cref="DataFormatException">It is damaged; the sentence says where.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> file, string name)
    {
        (MemoryStream packed, long expected) = Walk(file, name);
        if (expected >= Array.MaxLength)
            throw new DataFormatException($"'{name}' has {expected} bytes of pixel data; expected fewer than {Array.MaxLength}.");

        // One byte more than there should be, to see whether there are more.
        var pixels = new byte[expected + 1];
        Inflate(packed, expected, name, pixels, keep: true);
        return pixels;
    }

    /// <summary>
    /// A whole file without the chunks that its pixels do not depend on: texts, colour profiles and the like, whose packed data may be a
    /// thousand times as long as the file.
    /// </summary>
    public static byte[] PixelChunks(ReadOnlySpan<byte> file)
    {
        using var kept = new MemoryStream(file.Length);
        kept.Write(Signature);
        for (int at = Signature.Length; ;)
        {
            int length = ChunkFrame + BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            ReadOnlySpan<byte> type = file.Slice(at + 4, 4);
            if (IsCritical(type) || type.SequenceEqual("tRNS"u8))
                kept.Write(file.Slice(at, length));
            if (type.SequenceEqual("IEND"u8))
                return kept.ToArray();
            at += length;
        }
    }

    /// <summary>The data of the first chunk of a type before the end of the file, whether it is whole or not; empty where there is none.
    /// </summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type)
    {
        for (long at = Signature.Length; at + ChunkFrame <= file.Length;)
        {
            ReadOnlySpan<byte> chunk = file[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (length > chunk.Length - ChunkFrame)
                break;
            if (chunk.Slice(4, 4).SequenceEqual(type))
                return chunk.Slice(8, (int)length);
            at += ChunkFrame + length;
        }

        return [];
    }

    // The checked chunks: the packed pixel data, and how long they are to be unpacked.
    private static (MemoryStream Packed, long Expected) Walk(ReadOnlySpan<byte> file, string name)
    {
        var packed = new MemoryStream();
        long expected = 0;
        int at = Signature.Length;
        while (true)
        {
            if (file.Length - at < ChunkFrame)
                throw new DataFormatException(
                    $"'{name}' is not a whole PNG file: it ends after {file.Length} bytes; expected an IEND chunk at its end.");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            ReadOnlySpan<byte> type = file.Slice(at + 4, 4);
            if (length > file.Length - at - ChunkFrame)
                throw new DataFormatException($"'{name}' is not a whole PNG file: the chunk at byte {at} says that it has {length} " +
                    $"bytes, but the file ends after {file.Length - at - ChunkFrame} of them.");
            ReadOnlySpan<byte> data = file.Slice(at + 8, (int)length);
            if (Crc(file.Slice(at + 4, 4 + (int)length)) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
                throw new DataFormatException(
                    $"'{name}' is a damaged PNG file: the chunk at byte {at} does not have the checksum that it should.");
            if (at == Signature.Length)
                expected = PixelBytes(type, data, name);
            else if (type.SequenceEqual("IDAT"u8))
                packed.Write(data);
            else if (type.SequenceEqual("IEND"u8))
                break;
            at += ChunkFrame + (int)length;
        }

        packed.Position = 0;
        return (packed, expected);
    }

    // Into a buffer that holds everything, or again and again into its start.
    private static void Inflate(MemoryStream packed, long expected, string name, Span<byte> buffer, bool keep)
    {
        long found = 0;
        try
        {
            using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
            for (int n; found <= expected && (n = unpacked.Read(keep ? buffer[(int)found..] : buffer)) > 0;)
                found += n;
        }
        catch (InvalidDataException exception)
        {
            throw new DataFormatException(
                $"'{name}' is a damaged PNG file: its pixel data cannot be unpacked after {found} of {expected} bytes.", exception);
        }

        if (found != expected)
            throw new DataFormatException($"'{name}' is a damaged PNG file: " +
                $"its pixel data unpack to {(found > expected ? "more than" : $"{found} instead of")} {expected} bytes.");
    }

    // The capital at the start says that the picture cannot be shown without the chunk.
    private static bool IsCritical(ReadOnlySpan<byte> type) => (type[0] & 0x20) == 0;

    /// <summary>Bytes of the unpacked pixel data: a filter byte and the packed pixels for each row of each pass.</summary>
    private static long PixelBytes(ReadOnlySpan<byte> type, ReadOnlySpan<byte> header, string name)
    {
        if (!type.SequenceEqual("IHDR"u8) || header.Length != HeaderLength)
            throw new DataFormatException($"'{name}' is a damaged PNG file: it does not start with an IHDR chunk of {HeaderLength} bytes.");
        int width = BinaryPrimitives.ReadInt32BigEndian(header);
        int height = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        int channels = header[9] switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
        if (width < 1 || height < 1 || channels == 0 || !IsDepth(header[8], header[9]) || header[12] > 1)
            throw new DataFormatException($"'{name}' is a damaged PNG file: its header has the size {width}×{height}, depth {header[8]}, " +
                $"colour type {header[9]} and interlace method {header[12]}, which PNG does not know.");
        int bits = channels * header[8];
        if (header[12] == 0)
            return PassBytes(width, height, bits);

        // Adam7: first column, first row, column step, row step of each pass.
        long sum = 0;
        foreach ((int x, int y, int dx, int dy) in (ReadOnlySpan<(int, int, int, int)>)[(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8),
            (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)])
            sum += PassBytes((width - x + dx - 1) / dx, (height - y + dy - 1) / dy, bits);
        return sum;
    }

    // Which depths go with which colours.
    private static bool IsDepth(int bits, int color) => bits switch
    {
        8 => true,
        16 => color != 3,
        1 or 2 or 4 => color is 0 or 3,
        _ => false,
    };

    private static long PassBytes(int width, int height, int bits) =>
        width < 1 || height < 1 ? 0 : height * (1 + ((((long)width * bits) + 7) / 8));

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] CreateCrcTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }

        return table;
    }
}

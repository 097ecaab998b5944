using System.Buffers.Binary;

namespace CnnFast.DigitPictures;

/// <summary>Holds a BMP file to the sizes in its header before it is decoded; the decoder reads past the end as zeros.</summary>
internal static class BmpCheck
{
    private const int HeaderLength = 30;
    private const int CompressionOffset = 30;

    public static ReadOnlySpan<byte> Signature => "BM"u8;

    /// <summary>
    /// Refuses, before the decoder sees the file, run-length encoded pixels: it cannot decode them, and they have
    /// no length that the sizes give.
    /// </summary>
    /// <exception cref="DataFormatException">The pixels are run-length encoded.</exception>
    public static void RequireNoRunLengths(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < CompressionOffset + 4 || BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) < 40)
            return;
        uint compression = BinaryPrimitives.ReadUInt32LittleEndian(file[CompressionOffset..]);
        if (compression is 1 or 2)
            throw new DataFormatException($"'{name}' is a BMP file with RLE{(compression == 1 ? 8 : 4)} compression, " +
                "which is not supported; expected one without compression, a PNG or a JPEG file.");
    }

    /// <exception cref="DataFormatException">The file ends before its pixels do.</exception>
    public static void Require(ReadOnlySpan<byte> file, string name, int width, int height)
    {
        if (file.Length < HeaderLength)
            throw new DataFormatException(
                $"'{name}' is not a whole BMP file: it has {file.Length} bytes; expected at least {HeaderLength} for its header.");
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file[(BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) == 12 ? 24 : 28)..]);
        long row = ((((long)width * bits) + 31) / 32) * 4;
        long expected = start + (row * height);
        if (file.Length < expected)
            throw new DataFormatException($"'{name}' is not a whole BMP file: it has {file.Length} bytes; " +
                $"expected {expected} for {width}×{height} pixels of {bits} bits.");
    }
}

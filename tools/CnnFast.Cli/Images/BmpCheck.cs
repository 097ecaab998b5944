using System.Buffers.Binary;

namespace CnnFast.Cli;

/// <summary>Holds a BMP file to the sizes in its header before it is decoded; the decoder reads past the end as zeros.</summary>
internal static class BmpCheck
{
    private const int HeaderLength = 30;

    public static ReadOnlySpan<byte> Signature => "BM"u8;

    /// <exception cref="DataFormatException">The file ends before its pixels do.</exception>
    public static void Require(ReadOnlySpan<byte> file, string name, int width, int height)
    {
        if (file.Length < HeaderLength)
            throw new DataFormatException($"'{name}' is not a whole BMP file: it has {file.Length} bytes; expected at least {HeaderLength} for its header.");
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file[(BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) == 12 ? 24 : 28)..]);
        long row = ((((long)width * bits) + 31) / 32) * 4;
        long expected = start + (row * height);
        if (file.Length < expected)
            throw new DataFormatException($"'{name}' is not a whole BMP file: it has {file.Length} bytes; expected {expected} for {width}×{height} pixels of {bits} bits.");
    }
}

using System.IO.Compression;

namespace CnnFast.Images;

/// <summary>
/// The samples of a PNG file with a palette or of grey as they are in the file: indices and levels, which decoders turn into colours
/// (W3C PNG specification, sections 7 and 9).
/// </summary>
internal static class PngSamples
{
    private const int Header = 8 + 8;
    private const int Grey = 0;
    private const int Palette = 3;

    /// <summary>
    /// The samples; null where the file has none of up to 8 bits, or is interlaced and grey of 8 bits, which decoders keep.
    /// </summary>
    /// <exception cref="DataFormatException">It is no whole PNG file, or too large, or an interlaced one with fewer bits or a palette.
    /// </exception>
    public static (int Width, int Height, byte[] Values)? TryRead(byte[] file, string name, long maxPixels)
    {
        (long width, long height) = PngCheck.ReadSize(file, name);
        if (width < 1 || height < 1 || Math.Max(width, height) > int.MaxValue || width * height > Math.Min(maxPixels, Array.MaxLength))
            throw new DataFormatException(
                $"'{name}' is {width}×{height} pixels; expected at least 1×1 and at most {maxPixels} pixels in all.");
        int bits = file[Header + 8];
        int color = file[Header + 9];
        if (color is not (Grey or Palette) || bits > 8)
            return null;
        if (file[Header + 12] != 0)
        {
            return color == Grey && bits == 8
                ? null
                : throw new DataFormatException($"'{name}' is an interlaced PNG file with a palette or of {bits} bits; " +
                    "expected a mask that is not interlaced.");
        }

        PngCheck.Require(file, name);
        return ((int)width, (int)height, Unpack(PixelData(file), (int)width, (int)height, bits));
    }

    private static byte[] Unpack(MemoryStream packed, int width, int height, int bits)
    {
        int length = (int)((((long)width * bits) + 7) / 8);
        var values = new byte[width * height];
        var row = new byte[length];
        var above = new byte[length];
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        for (int y = 0; y < height; y++)
        {
            int filter = unpacked.ReadByte();
            unpacked.ReadExactly(row);
            Unfilter(filter, row, above);
            for (int x = 0; x < width; x++)
            {
                int shift = 8 - bits - (x * bits % 8);
                values[(y * width) + x] = (byte)((row[x * bits / 8] >> shift) & ((1 << bits) - 1));
            }

            (row, above) = (above, row);
        }

        return values;
    }

    // Pixels of up to 8 bits: the byte before is the one to the left.
    private static void Unfilter(int filter, byte[] row, byte[] above)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i == 0 ? 0 : row[i - 1];
            int corner = i == 0 ? 0 : above[i - 1];
            row[i] += (byte)(filter switch
            {
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Paeth(left, above[i], corner),
                _ => 0,
            });
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        int toLeft = Math.Abs(estimate - left);
        int toAbove = Math.Abs(estimate - above);
        int toCorner = Math.Abs(estimate - corner);
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }

    private static MemoryStream PixelData(ReadOnlySpan<byte> file)
    {
        var packed = new MemoryStream();
        foreach ((int start, int length) in PngCheck.PixelChunks(file))
            packed.Write(file.Slice(start, length));
        packed.Position = 0;
        return packed;
    }
}

namespace CnnFast.Images;

/// <summary>
/// The samples of a PNG file with a palette or of grey as they are in the file: indices and levels, which decoders turn into colours of
/// eight bits (W3C PNG specification, sections 7 and 9).
/// </summary>
internal static class PngSamples
{
    private const int Header = 8 + 8;
    private const int Grey = 0;
    private const int Palette = 3;

    /// <summary>The samples; null where decoders keep them: colours, and interlaced grey of 8 bits.</summary>
    /// <exception cref="DataFormatException">It is no whole PNG file, or too large, an interlaced one of other bits or with a palette, or
    /// has colours of 16 bits.</exception>
    public static (int Width, int Height, ushort[] Values)? TryRead(byte[] file, string name, long maxPixels)
    {
        (long width, long height) = PngCheck.ReadSize(file, name);
        PictureCheck.RequireSize(name, width, height, maxPixels);
        int bits = file[Header + 8];
        int color = file[Header + 9];
        if (color is not (Grey or Palette))
        {
            RequireColors(file, name);
            return null;
        }

        if (file[Header + 12] != 0)
        {
            return color == Grey && bits == 8
                ? null
                : throw new DataFormatException($"'{name}' is an interlaced PNG file with a palette or of {bits} bits; " +
                    "expected a mask that is not interlaced.");
        }

        return ((int)width, (int)height, Unpack(PngCheck.Unpack(file, name), name, (int)width, (int)height, bits));
    }

    /// <summary>Throws where the colours of a file have more bits than decoders keep.</summary>
    /// <exception cref="DataFormatException">It has 16 bits a channel, or is no PNG file.</exception>
    public static void RequireColors(byte[] file, string name)
    {
        PngCheck.ReadSize(file, name);
        if (file[Header + 8] > 8)
            throw new DataFormatException($"'{name}' is a PNG file of colours of {file[Header + 8]} bits; " +
                "expected a mask of 8 bits a channel, or of grey levels without MaskOptions.Colors.");
    }

    private static ushort[] Unpack(byte[] pixels, string name, int width, int height, int bits)
    {
        int length = (int)((((long)width * bits) + 7) / 8);
        var values = new ushort[width * height];
        Span<byte> above = new byte[length];
        for (int y = 0; y < height; y++)
        {
            int start = y * (1 + length);
            Span<byte> row = pixels.AsSpan(start + 1, length);
            if (pixels[start] > 4)
                throw new DataFormatException(
                    $"'{name}' is a damaged PNG file: row {y} has the filter {pixels[start]}; expected 0 to 4.");
            Unfilter(pixels[start], row, above, bits == 16 ? 2 : 1);
            for (int x = 0; x < width; x++)
            {
                int shift = 8 - bits - (x * bits % 8);
                values[(y * width) + x] = (ushort)(bits == 16
                    ? (row[2 * x] << 8) | row[(2 * x) + 1]
                    : (row[x * bits / 8] >> shift) & ((1 << bits) - 1));
            }

            above = row;
        }

        return values;
    }

    // The byte that stands as many bytes before is that of the pixel to the left.
    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < step ? 0 : row[i - step];
            int corner = i < step ? 0 : above[i - step];
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
}

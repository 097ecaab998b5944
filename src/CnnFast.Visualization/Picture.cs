using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Visualization;

/// <summary>A picture in memory: rows of red, green and blue bytes. Not thread-safe while it is drawn on.</summary>
public sealed class Picture
{
    /// <summary>The most pixels of a picture.</summary>
    public const int MaxPixels = 1 << 27;

    private readonly byte[] _pixels;

    /// <summary>Creates a black picture.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the picture has more than <see cref="MaxPixels"/>.</exception>
    public Picture(int width, int height)
    {
        if (width < 1 || height < 1 || (long)width * height > MaxPixels)
            throw new ArgumentOutOfRangeException(nameof(width), $"Picture: the size is {width}×{height}; expected at least 1×1 and at " +
                $"most {MaxPixels} pixels.");
        (Width, Height, _pixels) = (width, height, new byte[3 * width * height]);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The pixels: row after row, of each pixel red, green and blue.</summary>
    public Span<byte> Pixels => _pixels;

    /// <summary>The picture as the bytes of a PNG file.</summary>
    /// <returns>The bytes.</returns>
    public byte[] ToPng()
    {
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(_pixels, Width, Height);
        using var stream = new MemoryStream();
        image.Save(stream, new PngEncoder { ColorType = PngColorType.Rgb, CompressionLevel = PngCompressionLevel.Level6 });
        return stream.ToArray();
    }

    /// <summary>The picture as a <c>data:</c> address, which a page holds in itself.</summary>
    /// <returns>The address.</returns>
    public string ToDataUri() => "data:image/png;base64," + Convert.ToBase64String(ToPng());
}

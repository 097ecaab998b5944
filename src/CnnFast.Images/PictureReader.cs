using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace CnnFast.Images;

/// <summary>
/// Reads a picture file as the bytes of an image: decoded, turned as its EXIF orientation says, see-through parts on white, resized, grey
/// or in colour. What <see cref="PictureDataset"/> does to each of its files; a trained model gets its pictures in the same way. Files are
/// untrusted: their headers are held to the limits before memory is taken.
/// </summary>
public static class PictureReader
{
    private const byte White = 255;

    /// <summary>Reads a file.</summary>
    /// <param name="path">A PNG, JPEG, BMP or WebP file; of an animated PNG file the picture that all programs show, and no animated WebP
    /// file.</param>
    /// <param name="options">The size and what is done to get it.</param>
    /// <returns>The bytes, <c>[H, W, C]</c>.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is no whole picture, or too large.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static byte[] Read(string path, PictureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate("PictureReader");
        var pixels = new byte[options.ImageShape.ElementCount];
        Read(path, options, pixels);
        return pixels;
    }

    /// <summary>Reads a picture from the bytes of its file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">The size and what is done to get it.</param>
    /// <returns>The bytes, <c>[H, W, C]</c>.</returns>
    /// <exception cref="DataFormatException">It is no whole picture, or too large.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static byte[] Read(byte[] file, string name, PictureOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate("PictureReader");
        var pixels = new byte[options.ImageShape.ElementCount];
        using Image<Rgba32> picture = PictureDecoder.Decode(file, name, options.MaxPixels);
        Write(picture, options, pixels);
        return pixels;
    }

    /// <summary>Reads a file into memory of the caller.</summary>
    internal static void Read(string path, PictureOptions options, Span<byte> pixels)
    {
        using Image<Rgba32> picture = PictureDecoder.Decode(PictureDecoder.ReadFile(path, options.MaxFileBytes), path, options.MaxPixels);
        Write(picture, options, pixels);
    }

    private static void Write(Image<Rgba32> picture, PictureOptions options, Span<byte> pixels)
    {
        var geometry = FitGeometry.Of(options.Fit, picture.Width, picture.Height, options.Width, options.Height);
        PixelBox from = geometry.Source;
        PixelBox to = geometry.Target;
        bool whole = from.Width == picture.Width && from.Height == picture.Height;
        bool sized = from.Width == to.Width && from.Height == to.Height;
        if (!whole || !sized)
        {
            picture.Mutate(context =>
            {
                if (!whole)
                    context.Crop(new Rectangle(from.X, from.Y, from.Width, from.Height));
                if (!sized)
                    context.Resize(to.Width, to.Height, KnownResamplers.Triangle);
            });
        }

        if (to.Width != options.Width || to.Height != options.Height)
            pixels.Clear();
        for (int y = 0; y < to.Height; y++)
        {
            int at = (((to.Y + y) * options.Width) + to.X) * options.Channels;
            WriteRow(picture.DangerousGetPixelRowMemory(y).Span, pixels.Slice(at, to.Width * options.Channels), options.Channels);
        }
    }

    private static void WriteRow(ReadOnlySpan<Rgba32> row, Span<byte> pixels, int channels)
    {
        for (int x = 0; x < row.Length; x++)
        {
            Rgba32 pixel = row[x];
            int r = OnWhite(pixel.R, pixel.A);
            int g = OnWhite(pixel.G, pixel.A);
            int b = OnWhite(pixel.B, pixel.A);
            if (channels == 1)
            {
                pixels[x] = (byte)(((299 * r) + (587 * g) + (114 * b) + 500) / 1000);
                continue;
            }

            pixels[x * 3] = (byte)r;
            pixels[(x * 3) + 1] = (byte)g;
            pixels[(x * 3) + 2] = (byte)b;
        }
    }

    private static int OnWhite(int value, int alpha) =>
        alpha == White ? value : ((value * alpha) + (White * (White - alpha)) + (White / 2)) / White;
}

using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Tests.Images;

/// <summary>Small picture files.</summary>
internal static class Pictures
{
    public static IImageEncoder EncoderFor(string name) => Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".PNG" => new PngEncoder { ColorType = PngColorType.RgbWithAlpha },
        ".BMP" => new BmpEncoder(),
        ".WEBP" => new WebpEncoder { FileFormat = WebpFileFormatType.Lossless },
        _ => new JpegEncoder { Quality = 100, ColorType = JpegColorType.YCbCrRatio444 },
    };

    /// <summary>The bytes of a file whose pixels are of one colour.</summary>
    public static byte[] Plain(string name, int width, int height, Rgba32 color) => Of(name, width, height, (_, _) => color);

    /// <summary>The bytes of a file.</summary>
    public static byte[] Of(string name, int width, int height, Func<int, int, Rgba32> colorAt, ushort orientation = 0)
    {
        using var image = new Image<Rgba32>(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                image[x, y] = colorAt(x, y);
        }

        if (orientation > 0)
        {
            image.Metadata.ExifProfile = new ExifProfile();
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, orientation);
        }

        using var stream = new MemoryStream();
        image.Save(stream, EncoderFor(name));
        return stream.ToArray();
    }

    /// <summary>The bytes of a grey PNG file of some bits.</summary>
    public static byte[] Grey(int width, int height, PngBitDepth depth, Func<int, int, byte> levelAt,
        PngColorType color = PngColorType.Grayscale, PngInterlaceMode interlace = PngInterlaceMode.None)
    {
        using var image = new Image<L8>(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                image[x, y] = new L8(levelAt(x, y));
        }

        using var stream = new MemoryStream();
        image.Save(stream, new PngEncoder { ColorType = color, BitDepth = depth, InterlaceMethod = interlace });
        return stream.ToArray();
    }

    /// <summary>Writes a file into folders that are made where they are not there.</summary>
    public static string Write(this TemporaryFolder folder, string[] parts, byte[] content)
    {
        string path = Path.Combine([folder.FullPath, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }
}

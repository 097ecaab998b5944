using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace CnnFast.Images;

/// <summary>Decodes picture files, which are untrusted, the right way up.</summary>
internal static class PictureDecoder
{
    private const int BytesPerPixel = 4;
    private const long MaxSide = 1 << 16;

    /// <summary>What decodes: pictures that it makes change with it.</summary>
    public static string Version { get; } = typeof(Image).Assembly.GetName().Version?.ToString() ?? "";

    /// <summary>The bytes of a picture file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is too large.</exception>
    public static byte[] ReadFile(string path, long maxBytes)
    {
        using FileStream stream = Files.InputFile.Open(path, "a PNG, JPEG, BMP or WebP file");
        if (stream.Length > Math.Min(maxBytes, Array.MaxLength))
            throw new DataFormatException($"'{path}' has {stream.Length} bytes; expected a picture of at most {maxBytes}.");
        var bytes = new byte[stream.Length];
        int found = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return found == bytes.Length ? bytes : bytes[..found];
    }

    /// <summary>Decodes a picture.</summary>
    /// <exception cref="DataFormatException">It is no whole picture, or too large.</exception>
    public static Image<Rgba32> Decode(byte[] file, string name, long maxPixels)
    {
        PictureKind kind = PictureCheck.KindOf(file, name);
        if (kind == PictureKind.Bmp)
            BmpCheck.RequireNoRunLengths(file, name);

        // Sizes come from the header alone: nothing is allocated for a picture that claims to be huge.
        (long width, long height) = SizeOf(kind, file, name);
        if (width < 1 || height < 1)
            throw new DataFormatException(
                $"'{name}' is a damaged picture: its header says {width}×{height} pixels; expected at least 1×1.");
        if (width > MaxSide || height > MaxSide || width * height > maxPixels)
            throw new DataFormatException($"'{name}' is {width}×{height} pixels; expected at most {maxPixels} pixels in all.");
        PictureCheck.RequireWhole(kind, file, name, (int)width, (int)height);
        Image<Rgba32> image = Guarded(kind, name, () => Image.Load<Rgba32>(ConfigurationFor(width * height), file));
        try
        {
            if (image.Width != width || image.Height != height)
                throw new DataFormatException($"'{name}' is a damaged picture: its header says {width}×{height} pixels, " +
                    $"and it decodes to {image.Width}×{image.Height}.");
            Guarded(kind, name, () =>
            {
                image.Mutate(context => context.AutoOrient());
                return true;
            });
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>The size of the picture in a file as it is decoded, the right way up; from its header alone.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is no picture.</exception>
    public static (int Width, int Height) ReadSize(string path, long maxBytes)
    {
        byte[] file = ReadFile(path, maxBytes);
        PictureKind kind = PictureCheck.KindOf(file, path);
        using var stream = new MemoryStream(file, writable: false);
        IImageInfo info = Guarded(kind, path, () => Image.Identify(ConfigurationFor(0), stream))
            ?? throw new DataFormatException($"'{path}' is a damaged {NameOf(kind)} file: its header cannot be read.");
        bool turned = info.Metadata.ExifProfile?.GetValue(ExifTag.Orientation)?.Value is >= 5 and <= 8;
        return turned ? (info.Height, info.Width) : (info.Width, info.Height);
    }

    private static (long Width, long Height) SizeOf(PictureKind kind, byte[] file, string name)
    {
        if (kind == PictureKind.Png)
            return PngCheck.ReadSize(file, name);
        using var stream = new MemoryStream(file, writable: false);
        IImageInfo? info = Guarded(kind, name, () => Image.Identify(ConfigurationFor(0), stream));
        return info is null
            ? throw new DataFormatException($"'{name}' is a damaged {NameOf(kind)} file: its header cannot be read.")
            : (info.Width, info.Height);
    }

    // Whatever a picture makes the decoder allocate is bounded by its size.
    private static Configuration ConfigurationFor(long pixels) =>
        new(new PngConfigurationModule(), new JpegConfigurationModule(), new BmpConfigurationModule(), new WebpConfigurationModule())
        {
            MaxDegreeOfParallelism = 1,
            MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions
            {
                AllocationLimitMegabytes = (int)Math.Min(1 << 14, 64 + (BytesPerPixel * BytesPerPixel * pixels >> 20)),
                MaximumPoolSizeMegabytes = 0,
            }),
        };

    private static T Guarded<T>(PictureKind kind, string name, Func<T> decode)
    {
        try
        {
            return decode();
        }
#pragma warning disable CA1031 // Whatever the library throws for a file that it cannot read, it is a damaged picture.
        catch (Exception exception) when (exception is not OutOfMemoryException and not DataFormatException)
#pragma warning restore CA1031
        {
            throw new DataFormatException($"'{name}' is a damaged {NameOf(kind)} file: it cannot be decoded.", exception);
        }
    }

    private static string NameOf(PictureKind kind) => kind switch
    {
        PictureKind.Png => "PNG",
        PictureKind.Jpeg => "JPEG",
        PictureKind.Bmp => "BMP",
        _ => "WebP",
    };
}

using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace CnnFast.Images;

/// <summary>Decodes picture files, which are untrusted, the right way up.</summary>
internal static class PictureDecoder
{
    private const int BytesPerPixel = 4;

    // Rises where the same file gives other bytes than before.
    private const string Reading = "2";

    /// <summary>What decodes: pictures that it makes change with it.</summary>
    public static string Version { get; } = $"{Reading} {typeof(Image).Assembly.GetName().Version}";

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
        PictureCheck.RequireSupported(kind, file, name);

        // Sizes come from the header alone: nothing is allocated for a picture that claims to be huge.
        (long width, long height) = SizeOf(kind, file, name);
        PictureCheck.RequireSize(name, width, height, maxPixels);
        PictureCheck.RequireWhole(kind, file, name, (int)width, (int)height);
        byte[] pixels = kind == PictureKind.Png ? PngCheck.PixelChunks(file) : file;
        Image<Rgba32> image = Guarded(kind, name, () =>
            Image.Load<Rgba32>(ConfigurationFor(width * height), pixels, DecoderFor(kind)));
        try
        {
            if (image.Width != width || image.Height != height)
                throw new DataFormatException($"'{name}' is a damaged picture: its header says {width}×{height} pixels, " +
                    $"and it decodes to {image.Width}×{image.Height}.");
            if (TurnFor(PictureOrientation.Of(kind, file)) is { } turn)
                image.Mutate(context => context.RotateFlip(turn.Rotate, turn.Flip));
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
    public static (long Width, long Height) ReadSize(string path, long maxBytes)
    {
        byte[] file = ReadFile(path, maxBytes);
        PictureKind kind = PictureCheck.KindOf(file, path);
        PictureCheck.RequireSupported(kind, file, path);
        (long width, long height) = SizeOf(kind, file, path);
        return PictureOrientation.Of(kind, file) >= 5 ? (height, width) : (width, height);
    }

    private static (long Width, long Height) SizeOf(PictureKind kind, byte[] file, string name)
    {
        if (kind == PictureKind.Png)
            return PngCheck.ReadSize(file, name);
        using var stream = new MemoryStream(file, writable: false);
        IImageInfo? info = Guarded(kind, name, () =>
            ((IImageInfoDetector)DecoderFor(kind)).Identify(ConfigurationFor(0), stream, CancellationToken.None));
        return info is null
            ? throw new DataFormatException($"'{name}' is a damaged {PictureCheck.NameOf(kind)} file: its header cannot be read.")
            : (info.Width, info.Height);
    }

    // What a decoder allocates is bounded by the size of the picture, and by that of the file: it reads nothing but pixels.
    private static Configuration ConfigurationFor(long pixels) => new()
    {
        MaxDegreeOfParallelism = 1,
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions
        {
            AllocationLimitMegabytes = (int)Math.Min(1 << 14, 64 + (BytesPerPixel * BytesPerPixel * pixels >> 20)),
            MaximumPoolSizeMegabytes = 0,
        }),
    };

    private static IImageDecoder DecoderFor(PictureKind kind) => kind switch
    {
        PictureKind.Png => new PngDecoder { IgnoreMetadata = true },
        PictureKind.Jpeg => new JpegDecoder { IgnoreMetadata = true },
        PictureKind.Bmp => new BmpDecoder(),
        _ => new WebpDecoder { IgnoreMetadata = true },
    };

    // What sets a picture upright: the turn, then the flip.
    private static (RotateMode Rotate, FlipMode Flip)? TurnFor(int orientation) => orientation switch
    {
        2 => (RotateMode.None, FlipMode.Horizontal),
        3 => (RotateMode.Rotate180, FlipMode.None),
        4 => (RotateMode.None, FlipMode.Vertical),
        5 => (RotateMode.Rotate90, FlipMode.Horizontal),
        6 => (RotateMode.Rotate90, FlipMode.None),
        7 => (RotateMode.Rotate270, FlipMode.Horizontal),
        8 => (RotateMode.Rotate270, FlipMode.None),
        _ => null,
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
            throw new DataFormatException(
                $"'{name}' is a damaged {PictureCheck.NameOf(kind)} file: it cannot be decoded.", exception);
        }
    }
}

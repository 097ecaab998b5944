using StbImageSharp;

namespace CnnFast.Cli;

/// <summary>Reads PNG, JPEG and BMP files, which are untrusted, into one channel of light.</summary>
internal static class ImageFile
{
    /// <summary>The most pixels of a picture.</summary>
    public const int MaxPixels = 1 << 25;

    private const long MaxBytes = 1 << 27;
    private static readonly byte[] JpegSignature = [0xFF, 0xD8, 0xFF];
    private static readonly byte[] JpegEnd = [0xFF, 0xD9];

    /// <summary>Reads a picture; see-through parts take the colour of what they lie on.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is no whole picture, or too large.</exception>
    public static GreyImage Read(string path)
    {
        byte[] file = ReadBytes(path);
        bool png = file.AsSpan().StartsWith(PngCheck.Signature);
        bool bmp = file.AsSpan().StartsWith(BmpCheck.Signature);
        bool jpeg = file.AsSpan().StartsWith(JpegSignature);
        if (!png && !bmp && !jpeg)
            throw new DataFormatException($"'{path}' is no picture: it starts with {(file.Length == 0 ? "nothing" : Convert.ToHexString(file.AsSpan(0, Math.Min(8, file.Length))))}; expected a PNG, JPEG or BMP file.");

        if (bmp)
            BmpCheck.RequireNoRunLengths(file, path);

        // Sizes come from the header alone: nothing is allocated for a picture that claims to be huge.
        (long width, long height) = png ? PngCheck.ReadSize(file, path) : ReadSize(file, path);
        if (width < 1 || height < 1)
            throw new DataFormatException($"'{path}' is a damaged picture: its header says {width}×{height} pixels; expected at least 1×1.");
        if (width > MaxPixels || height > MaxPixels || width * height > MaxPixels)
            throw new DataFormatException($"'{path}' is {width}×{height} pixels; expected at most {MaxPixels} pixels in all.");
        if (png)
            PngCheck.Require(file, path);
        if (bmp)
            BmpCheck.Require(file, path, (int)width, (int)height);
        if (jpeg && file.AsSpan(file.Length / 2).LastIndexOf(JpegEnd) < 0)
            throw new DataFormatException($"'{path}' is not a whole JPEG file: its end marker is missing after {file.Length} bytes.");

        ImageResult image = Decode(file, path);
        return Compositing.Flatten(image.Width, image.Height, image.Data);
    }

    private static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"'{path}' is a folder; expected a PNG, JPEG or BMP file.");
        if (!File.Exists(path))
            throw new InputException($"There is no file '{path}'; expected a PNG, JPEG or BMP file.");
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > MaxBytes)
            throw new DataFormatException($"'{path}' has {stream.Length} bytes; expected a picture of at most {MaxBytes}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static (long Width, long Height) ReadSize(byte[] file, string path)
    {
        ImageInfo? info = null;
        try
        {
            using var stream = new EndingStream(file);
            info = ImageInfo.FromStream(stream);
        }
#pragma warning disable CA1031 // Whatever the library throws for a header that it cannot read, it is a damaged picture.
        catch (Exception exception) when (exception is not OutOfMemoryException)
#pragma warning restore CA1031
        {
        }

        return info is { } found ? (found.Width, found.Height) : throw new DataFormatException($"'{path}' is a damaged picture: its header cannot be read.");
    }

    private static ImageResult Decode(byte[] file, string path)
    {
        try
        {
            using var stream = new EndingStream(file);
            return ImageResult.FromStream(stream, ColorComponents.RedGreenBlueAlpha);
        }
#pragma warning disable CA1031 // The library throws what happens to go wrong in it: index, range, argument and its own exceptions.
        catch (Exception exception) when (exception is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            throw new DataFormatException($"'{path}' is a damaged picture: it cannot be decoded.", exception);
        }
    }
}

using StbImageSharp;

namespace CnnFast.DigitPictures;

/// <summary>Decodes PNG, JPEG and BMP files, which are untrusted, into one channel of light.</summary>
internal static class ImageDecoder
{
    /// <summary>The most pixels of a picture.</summary>
    public const int MaxPixels = 1 << 25;

    private static readonly byte[] JpegSignature = [0xFF, 0xD8, 0xFF];
    private static readonly byte[] JpegEnd = [0xFF, 0xD9];

    /// <summary>Decodes a picture; see-through parts take the colour of what they lie on.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="maxPixels">The most pixels that it may have.</param>
    /// <exception cref="DataFormatException">It is no whole picture, or too large.</exception>
    public static GreyImage Decode(byte[] file, string name, int maxPixels = MaxPixels)
    {
        bool png = file.AsSpan().StartsWith(PngCheck.Signature);
        bool bmp = file.AsSpan().StartsWith(BmpCheck.Signature);
        bool jpeg = file.AsSpan().StartsWith(JpegSignature);
        if (!png && !bmp && !jpeg)
            throw new DataFormatException($"'{name}' is no picture: " +
                $"it starts with {(file.Length == 0 ? "nothing" : Convert.ToHexString(file.AsSpan(0, Math.Min(8, file.Length))))}; " +
                "expected a PNG, JPEG or BMP file.");

        if (bmp)
            BmpCheck.RequireNoRunLengths(file, name);

        // Sizes come from the header alone: nothing is allocated for a picture that claims to be huge.
        (long width, long height) = png ? PngCheck.ReadSize(file, name) : ReadSize(file, name);
        if (width < 1 || height < 1)
            throw new DataFormatException(
                $"'{name}' is a damaged picture: its header says {width}×{height} pixels; expected at least 1×1.");
        if (width > maxPixels || height > maxPixels || width * height > maxPixels)
            throw new DataFormatException($"'{name}' is {width}×{height} pixels; expected at most {maxPixels} pixels in all.");
        if (png)
            PngCheck.Require(file, name);
        if (bmp)
            BmpCheck.Require(file, name, (int)width, (int)height);
        if (jpeg && file.AsSpan(file.Length / 2).LastIndexOf(JpegEnd) < 0)
            throw new DataFormatException($"'{name}' is not a whole JPEG file: its end marker is missing after {file.Length} bytes.");

        ImageResult image = DecodeWhole(file, name);
        return Compositing.Flatten(image.Width, image.Height, image.Data);
    }

    private static (long Width, long Height) ReadSize(byte[] file, string name)
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

        return info is { } found
            ? (found.Width, found.Height)
            : throw new DataFormatException($"'{name}' is a damaged picture: its header cannot be read.");
    }

    private static ImageResult DecodeWhole(byte[] file, string name)
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
            throw new DataFormatException($"'{name}' is a damaged picture: it cannot be decoded.", exception);
        }
    }
}

using System.Buffers.Binary;

namespace CnnFast.Images;

/// <summary>
/// Holds picture files to what their formats promise before they are decoded: the decoder takes some files that are cut short for whole
/// ones.
/// </summary>
internal static class PictureCheck
{
    private const int WebpFrame = 8;
    private const int WebpFlags = 20;
    private const int WebpAnimated = 2;
    private const long MaxSide = 1 << 16;

    private static readonly byte[] JpegSignature = [0xFF, 0xD8, 0xFF];
    private static readonly byte[] JpegEnd = [0xFF, 0xD9];

    /// <summary>The format, by the first bytes of the file.</summary>
    /// <exception cref="DataFormatException">It is none that is known.</exception>
    public static PictureKind KindOf(ReadOnlySpan<byte> file, string name)
    {
        if (file.StartsWith(PngCheck.Signature))
            return PictureKind.Png;
        if (file.StartsWith(JpegSignature))
            return PictureKind.Jpeg;
        if (file.StartsWith(BmpCheck.Signature))
            return PictureKind.Bmp;
        if (file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8))
            return PictureKind.Webp;
        throw new DataFormatException($"'{name}' is no picture: " +
            $"it starts with {(file.Length == 0 ? "nothing" : Convert.ToHexString(file[..Math.Min(8, file.Length)]))}; " +
            "expected a PNG, JPEG, BMP or WebP file.");
    }

    /// <summary>What messages call a format.</summary>
    public static string NameOf(PictureKind kind) => kind switch
    {
        PictureKind.Png => "PNG",
        PictureKind.Jpeg => "JPEG",
        PictureKind.Bmp => "BMP",
        _ => "WebP",
    };

    /// <summary>Throws where the size of a picture is none that may be decoded.</summary>
    /// <exception cref="DataFormatException">It has no pixels, or too many.</exception>
    public static void RequireSize(string name, long width, long height, long maxPixels)
    {
        if (width < 1 || height < 1)
            throw new DataFormatException(
                $"'{name}' is a damaged picture: its header says {width}×{height} pixels; expected at least 1×1.");
        if (width > MaxSide || height > MaxSide)
            throw new DataFormatException($"'{name}' is {width}×{height} pixels; expected at most {MaxSide} on a side.");
        if (width * height > Math.Min(maxPixels, Array.MaxLength))
            throw new DataFormatException($"'{name}' is {width}×{height} pixels; expected at most {maxPixels} pixels in all.");
    }

    /// <summary>Refuses, before the decoder sees a file, what it cannot decode and would take for damage.</summary>
    /// <exception cref="DataFormatException">The file is a kind of picture that is not supported.</exception>
    public static void RequireSupported(PictureKind kind, ReadOnlySpan<byte> file, string name)
    {
        if (kind == PictureKind.Bmp)
            BmpCheck.RequireNoRunLengths(file, name);
        if (kind == PictureKind.Webp && file.Length > WebpFlags && file[12..].StartsWith("VP8X"u8) && (file[WebpFlags] & WebpAnimated) != 0)
            throw new DataFormatException($"'{name}' is an animated WebP file, which is not supported; expected a single picture.");
    }

    /// <summary>Throws unless a file is whole.</summary>
    /// <exception cref="DataFormatException">It is damaged; the sentence says where.</exception>
    public static void RequireWhole(PictureKind kind, ReadOnlySpan<byte> file, string name, int width, int height)
    {
        switch (kind)
        {
            case PictureKind.Png:
                PngCheck.Require(file, name);
                break;
            case PictureKind.Bmp:
                BmpCheck.Require(file, name, width, height);
                break;
            case PictureKind.Jpeg when file[(file.Length / 2)..].LastIndexOf(JpegEnd) < 0:
                throw new DataFormatException($"'{name}' is not a whole JPEG file: its end marker is missing after {file.Length} bytes.");
            case PictureKind.Webp when WebpFrame + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) > file.Length:
                throw new DataFormatException($"'{name}' is not a whole WebP file: it has {file.Length} bytes; " +
                    $"expected {WebpFrame + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..])}, as its header says.");
        }
    }
}

using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Images;

/// <summary>Reads masks as the class of every pixel, placed as the picture beside them is; the nearest pixel counts.</summary>
internal sealed class MaskReader(MaskOptions masks, PictureOptions options, IReadOnlyDictionary<string, string> pictures)
{
    /// <summary>The byte of pixels that are of no class.</summary>
    public const byte None = 255;

    /// <summary>Reads a mask.</summary>
    /// <param name="path">The file: PNG or BMP.</param>
    /// <param name="labels">Receives <c>[H, W]</c> classes.</param>
    /// <exception cref="DataFormatException">It is no whole picture, or a pixel has a value that stands for no class.</exception>
    public void Read(string path, Span<byte> labels)
    {
        byte[] file = PictureDecoder.ReadFile(path, options.MaxFileBytes);
        PictureKind kind = PictureCheck.KindOf(file, path);
        if (kind is not (PictureKind.Png or PictureKind.Bmp))
            throw new DataFormatException($"'{path}' is a {PictureCheck.NameOf(kind)} file; expected a PNG or BMP mask: " +
                "JPEG and WebP files may change the values of pixels.");
        if (masks.Colors is not null && kind == PictureKind.Png)
            PngSamples.RequireColors(file, path);
        if (masks.Colors is null && kind == PictureKind.Png && PngSamples.TryRead(file, path, options.MaxPixels) is { } samples)
        {
            Place(path, labels, samples.Width, samples.Height, (x, y) => samples.Values[(y * samples.Width) + x]);
            return;
        }

        using Image<Rgba32> picture = PictureDecoder.Decode(file, path, options.MaxPixels);
        Place(path, labels, picture.Width, picture.Height, (x, y) => ValueOf(path, picture[x, y], x, y));
    }

    private void Place(string path, Span<byte> labels, int width, int height, Func<int, int, int> valueAt)
    {
        (long Width, long Height) picture = PictureDecoder.ReadSize(pictures[path], options.MaxFileBytes);
        if (picture != (width, height))
            throw new DataFormatException($"'{path}' is {width}×{height} pixels, and its picture '{pictures[path]}' " +
                $"{picture.Width}×{picture.Height}; expected the same size.");
        var geometry = FitGeometry.Of(options.Fit, width, height, options.Width, options.Height);
        PixelBox to = geometry.Target;
        labels.Clear();
        for (int y = to.Y; y < to.Y + to.Height; y++)
        {
            int row = geometry.SourceY(y);
            for (int x = to.X; x < to.X + to.Width; x++)
            {
                int column = geometry.SourceX(x);
                labels[(y * options.Width) + x] = ClassOf(path, valueAt(column, row), column, row);
            }
        }
    }

    private byte ClassOf(string path, int value, int x, int y)
    {
        int label = value;
        if ((masks.Levels ?? masks.Colors) is { } map && !map.TryGetValue(value, out label))
            throw Unknown(path, masks.Colors is null ? $"{value}" : $"0x{value:X6}", x, y, "a value of MaskOptions");
        if (label == MaskOptions.Ignored)
            return None;
        return label < masks.Classes
            ? (byte)label
            : throw Unknown(path, $"{value}", x, y, $"a class, 0 to {masks.Classes - 1}");
    }

    // Without colours a pixel must be grey: its level is the value.
    private int ValueOf(string path, Rgba32 pixel, int x, int y)
    {
        if (masks.Colors is not null)
            return (pixel.R << 16) | (pixel.G << 8) | pixel.B;
        return pixel.R == pixel.G && pixel.G == pixel.B
            ? pixel.R
            : throw Unknown(path, $"the colour 0x{(pixel.R << 16) | (pixel.G << 8) | pixel.B:X6}", x, y,
                "a grey level, or MaskOptions.Colors");
    }

    private static DataFormatException Unknown(string path, string value, int x, int y, string expected) =>
        new($"'{path}': the pixel in column {x}, row {y} is {value}; expected {expected}.");
}

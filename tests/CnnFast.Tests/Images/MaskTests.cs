using CnnFast.Data;
using CnnFast.Images;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Tests.Images;

/// <summary>Masks beside pictures: the class of every pixel.</summary>
public sealed class MaskTests : IDisposable
{
    private static readonly PictureOptions Options = new(4, 6) { MaxThreads = 1 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PngBitDepth.Bit1, 2)]
    [InlineData(PngBitDepth.Bit2, 4)]
    [InlineData(PngBitDepth.Bit4, 16)]
    [InlineData(PngBitDepth.Bit8, 250)]
    public void Levels_of_grey_are_classes(PngBitDepth depth, int classes)
    {
        // The encoder scales levels of 8 bits to those of fewer.
        int step = 255 / ((1 << (int)depth) - 1);
        Write("a", 6, 4, Pictures.Grey(6, 4, depth, (x, y) => (byte)((x + (y * 6)) % classes * step)));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i % classes), Labels(new MaskOptions(classes)));
    }

    [Theory]
    [InlineData(PngFilterMethod.None)]
    [InlineData(PngFilterMethod.Sub)]
    [InlineData(PngFilterMethod.Up)]
    [InlineData(PngFilterMethod.Average)]
    [InlineData(PngFilterMethod.Paeth)]
    public void Levels_of_16_bits_are_classes_too(PngFilterMethod filter)
    {
        Write("a", 6, 4, Pictures.Grey16(6, 4, (x, y) => (ushort)((x + (y * 6)) % 4), filter));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i % 4), Labels(new MaskOptions(4)));

        Write("a", 6, 4, Pictures.Grey16(6, 4, (x, _) => (ushort)(x * 1000), filter));
        var masks = new MaskOptions(6) { Levels = Enumerable.Range(0, 6).ToDictionary(x => x * 1000, x => x) };
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i % 6), Labels(masks));
    }

    [Fact]
    public void Colours_of_16_bits_and_lossy_formats_are_refused()
    {
        string mask = Path.Combine(_folder["masks"], "a.png");
        using var wide = new SixLabors.ImageSharp.Image<Rgb48>(6, 4);
        using var stream = new MemoryStream();
        wide.Save(stream, new PngEncoder { ColorType = PngColorType.Rgb, BitDepth = PngBitDepth.Bit16 });
        var colors = new MaskOptions(2) { Colors = new Dictionary<int, int> { [0] = 1 } };
        foreach ((MaskOptions options, byte[] file) in ((MaskOptions, byte[])[])
            [(new MaskOptions(2), stream.ToArray()), (colors, stream.ToArray()), (colors, Pictures.Grey16(6, 4, (_, _) => 0))])
        {
            Write("a", 6, 4, file);
            Assert.Equal($"'{mask}' is a PNG file of colours of 16 bits; expected a mask of 8 bits a channel, or of grey levels " +
                "without MaskOptions.Colors.", Assert.Throws<DataFormatException>(() => Labels(options)).Message);
        }

        Write("a", 6, 4, Pictures.Plain("a.webp", 6, 4, new Rgba32(0, 0, 0)));
        Assert.StartsWith($"'{mask}' is a WebP file; expected a PNG or BMP mask",
            Assert.Throws<DataFormatException>(() => Labels(colors)).Message, StringComparison.Ordinal);

        // Beside the picture's mask, a file that is none.
        Write("a", 6, 4, Pictures.Grey(6, 4, PngBitDepth.Bit8, (_, _) => 1));
        _folder.Write(["masks", "a.webp"], Pictures.Plain("a.webp", 6, 4, new Rgba32(0, 0, 0)));
        Assert.All(Labels(new MaskOptions(2)), label => Assert.Equal(1, label));
    }

    [Fact]
    public void Filters_that_png_does_not_know_are_damage()
    {
        Write("a", 2, 1, Pictures.WithPixels(Pictures.Grey(2, 1, PngBitDepth.Bit8, (_, _) => 0), [5, 1, 1]));
        Assert.Equal($"'{Path.Combine(_folder["masks"], "a.png")}' is a damaged PNG file: row 0 has the filter 5; expected 0 to 4.",
            Assert.Throws<DataFormatException>(() => Labels(new MaskOptions(2))).Message);
    }

    [Fact]
    public void Indices_of_a_palette_are_classes()
    {
        Write("a", 6, 4, PalettePng(6, 4, (x, y) => (x + y) % 3));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => ((i % 6) + (i / 6)) % 3), Labels(new MaskOptions(3)));
    }

    [Fact]
    public void Levels_and_colours_stand_for_classes_and_for_none()
    {
        Write("a", 6, 4, Pictures.Grey(6, 4, PngBitDepth.Bit8, (x, _) => (byte)(x < 2 ? 0 : x < 4 ? 128 : 255)));
        var levels = new MaskOptions(2) { Levels = new Dictionary<int, int> { [0] = 1, [128] = 0, [255] = MaskOptions.Ignored } };
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i % 6 < 2 ? 1 : i % 6 < 4 ? 0 : -1), Labels(levels));
        Assert.Equal(-7, Labels(levels with { IgnoredLabel = -7 })[5]);

        Write("a", 6, 4, Pictures.Of("a.png", 6, 4, (x, _) => x < 3 ? new Rgba32(1, 2, 3) : new Rgba32(200, 0, 9)));
        var colors = new MaskOptions(2) { Colors = new Dictionary<int, int> { [0x010203] = 1, [0xC80009] = 0 } };
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i % 6 < 3 ? 1 : 0), Labels(colors));
    }

    [Theory]
    [InlineData(PictureFit.Crop)]
    [InlineData(PictureFit.Stretch)]
    [InlineData(PictureFit.Pad)]
    public void Masks_are_placed_as_their_pictures_are(PictureFit fit)
    {
        // The picture is white where the mask is 1: wherever the resized picture is all white, the mask must say so.
        static bool Inside(int x, int y) => x is >= 20 and < 60 && y is >= 8 and < 30;
        _folder.Write(["images", "a.png"], Pictures.Of("a.png", 90, 40, (x, y) => Inside(x, y)
            ? new Rgba32(255, 255, 255)
            : new Rgba32(0, 0, 0)));
        _folder.Write(["masks", "a.png"], Pictures.Grey(90, 40, PngBitDepth.Bit8, (x, y) => (byte)(Inside(x, y) ? 1 : 0)));
        PictureDataset data = Open(new MaskOptions(2), new PictureOptions(24, 24, 1) { Fit = fit });
        var pixels = new byte[24 * 24];
        data.ReadImage(0, pixels);
        int[] labels = LabelsOf(data);
        Assert.Contains(1, labels);
        for (int i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] is < 60 or > 195)
                Assert.Equal(pixels[i] > 195 ? 1 : 0, labels[i]);
        }
    }

    [Fact]
    public void A_cache_keeps_masks_too_and_unreadable_ones_are_skipped_with_their_picture()
    {
        Write("a", 6, 4, Pictures.Grey(6, 4, PngBitDepth.Bit8, (_, _) => 1));
        Write("b", 6, 4, Pictures.Grey(6, 4, PngBitDepth.Bit8, (_, _) => 9));
        Write("c/d", 6, 4, Pictures.Grey(6, 4, PngBitDepth.Bit8, (_, _) => 0));
        PictureOptions options = Options with { CacheFile = _folder["cache"], Unreadable = UnreadablePictures.Skip, MaxMemoryBytes = 0 };
        PictureDataset first = Open(new MaskOptions(2), options);
        PictureDataset second = Open(new MaskOptions(2), options);
        Assert.True(File.Exists(_folder["cache.masks"]));
        foreach (PictureDataset data in (PictureDataset[])[first, second])
        {
            Assert.Equal(2, data.Count);
            Assert.Equal([Path.Combine(_folder["images"], "b.png")], data.Skipped.Select(skip => skip.File));
            Assert.Contains("the pixel in column 0, row 0 is 9; expected a class, 0 to 1.", data.Skipped[0].Reason,
                StringComparison.Ordinal);
            Assert.Equal([.. Enumerable.Repeat(1, 24), .. new int[24]], LabelsOf(data));
        }
    }

    [Fact]
    public void A_cache_of_masks_hides_no_picture_that_no_longer_fits()
    {
        Write("a", 6, 4, Pictures.Grey(6, 4, PngBitDepth.Bit8, (_, _) => 1));
        PictureOptions options = Options with { CacheFile = _folder["cache"], MaxMemoryBytes = 0 };
        Open(new MaskOptions(2), options);
        string picture = _folder.Write(["images", "a.png"], Pictures.Plain("a.png", 9, 4, new Rgba32(9, 9, 9)));
        Assert.EndsWith($"and its picture '{picture}' 9×4; expected the same size.",
            Assert.Throws<DataFormatException>(() => Open(new MaskOptions(2), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_classes_belong_to_the_masks()
    {
        Write("a", 6, 4, Pictures.Grey(6, 4, PngBitDepth.Bit8, (_, _) => 1));
        Assert.StartsWith("PictureDataset: PictureOptions.ClassNames is given and the targets are masks; expected MaskOptions.ClassNames.",
            Assert.Throws<ArgumentException>(() => Open(new MaskOptions(2), Options with { ClassNames = ["a", "b"] })).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("PictureDataset: the classes 0 and 1 are both called 'a'; expected a name of its own for each.",
            Assert.Throws<ArgumentException>(() => Open(new MaskOptions(2) { ClassNames = ["a", "a"] }, Options)).Message,
            StringComparison.Ordinal);
        string mine = _folder.Write(["cache.masks"], "mine"u8.ToArray());
        Assert.StartsWith($"'{mine}' begins with 6D696E65",
            Assert.Throws<DataFormatException>(() => Open(new MaskOptions(2), Options with { CacheFile = _folder["cache"] })).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["cache"]));
    }

    [Fact]
    public void What_does_not_fit_is_one_sentence()
    {
        Write("a", 6, 4, Pictures.Grey(6, 4, PngBitDepth.Bit8, (x, _) => (byte)x));
        string mask = Path.Combine(_folder["masks"], "a.png");
        PictureDataset data = Open(new MaskOptions(5), Options);
        Assert.Equal($"'{mask}': the pixel in column 5, row 0 is 5; expected a class, 0 to 4.",
            Assert.Throws<DataFormatException>(() => LabelsOf(data)).Message);
        File.WriteAllBytes(mask, Pictures.Plain("a.jpg", 6, 4, new Rgba32(0, 0, 0)));
        Assert.StartsWith($"'{mask}' is a JPEG file; expected a PNG or BMP mask",
            Assert.Throws<DataFormatException>(() => LabelsOf(Open(new MaskOptions(5), Options))).Message, StringComparison.Ordinal);
        File.WriteAllBytes(mask, Pictures.Plain("a.png", 7, 4, new Rgba32(0, 0, 0)));
        Assert.Equal($"'{mask}' is 7×4 pixels, and its picture '{Path.Combine(_folder["images"], "a.png")}' 6×4; expected the same size.",
            Assert.Throws<DataFormatException>(() => LabelsOf(Open(new MaskOptions(5), Options))).Message);
        File.Delete(mask);
        Assert.StartsWith($"'{Path.Combine(_folder["images"], "a.png")}' has no mask in '{_folder["masks"]}'",
            Assert.Throws<DataFormatException>(() => Open(new MaskOptions(5), Options)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Open(new MaskOptions(256), Options));
        Assert.Throws<ArgumentException>(() =>
            Open(new MaskOptions(2) { Levels = new Dictionary<int, int> { [0] = 2 } }, Options));
    }

    private static int[] LabelsOf(PictureDataset data)
    {
        using var loader = new BatchLoader(data, data.Count, shuffle: false, prefetch: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        return loader.Current.Labels().ToArray();
    }

    private static byte[] PalettePng(int width, int height, Func<int, int, int> indexAt)
    {
        // A palette whose colours come in the order in which they are met: the quantizer numbers them so.
        Rgba32[] colors = [new(0, 0, 0), new(120, 10, 10), new(250, 240, 230)];
        using var image = new SixLabors.ImageSharp.Image<Rgba32>(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                image[x, y] = colors[indexAt(x, y)];
        }

        using var stream = new MemoryStream();
        image.Save(stream, new PngEncoder
        {
            ColorType = PngColorType.Palette,
            BitDepth = PngBitDepth.Bit2,
            Quantizer = new SixLabors.ImageSharp.Processing.Processors.Quantization.PaletteQuantizer(
                colors.Select(color => (SixLabors.ImageSharp.Color)color).ToArray(),
                new SixLabors.ImageSharp.Processing.Processors.Quantization.QuantizerOptions { Dither = null }),
        });
        return stream.ToArray();
    }

    private int[] Labels(MaskOptions masks) => LabelsOf(Open(masks, Options));

    private PictureDataset Open(MaskOptions masks, PictureOptions options) => PictureDataset.OpenMasks(_folder["images"], _folder["masks"],
        masks, options, TestContext.Current.CancellationToken);

    private void Write(string name, int width, int height, byte[] mask)
    {
        _folder.Write(["images", .. $"{name}.png".Split('/')], Pictures.Plain("a.png", width, height, new Rgba32(9, 9, 9)));
        _folder.Write(["masks", .. $"{name}.png".Split('/')], mask);
    }
}

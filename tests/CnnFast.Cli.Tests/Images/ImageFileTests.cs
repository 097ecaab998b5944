using CnnFast.DigitPictures;
using StbImageWriteSharp;

namespace CnnFast.Cli.Tests;

public sealed class ImageFileTests : IDisposable
{
    private static readonly byte[] Gradient = [.. Enumerable.Range(0, 12 * 8).Select(i => (byte)(i * 2))];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Grey_colour_and_opaque_alpha_of_the_same_shades_are_the_same_picture()
    {
        float[] expected = [.. Gradient.Select(value => value / 255f)];
        Equal(expected, Read(Png.Encode(12, 8, Png.Grey, Gradient)));
        Equal(expected, Read(Png.Encode(12, 8, Png.Colour, [.. Gradient.SelectMany(value => new[] { value, value, value })])));
        Equal(expected, Read(Png.Encode(12, 8, Png.GreyAlpha, [.. Gradient.SelectMany(value => new[] { value, (byte)255 })])));
        Equal(expected,
            Read(Png.Encode(12, 8, Png.ColourAlpha, [.. Gradient.SelectMany(value => new[] { value, value, value, (byte)255 })])));
        Equal(expected,
            Read(Png.Frame(12, 8, Png.Grey, 16, Png.Pack(Png.Rows([.. Gradient.SelectMany(value => new[] { value, value })], 8)))));
    }

    [Fact]
    public void BMP_and_JPEG_are_read()
    {
        byte[] colour = [.. Gradient.SelectMany(value => new[] { value, value, value })];
        using var bmp = new MemoryStream();
        new ImageWriter().WriteBmp(colour, 12, 8, ColorComponents.RedGreenBlue, bmp);
        Equal([.. Gradient.Select(value => value / 255f)], Read(bmp.ToArray()));

        using var jpeg = new MemoryStream();
        new ImageWriter().WriteJpg(colour, 12, 8, ColorComponents.RedGreenBlue, jpeg, 95);
        GreyImage read = Read(jpeg.ToArray());
        Assert.Equal((12, 8), (read.Width, read.Height));
        Assert.All(Gradient.Zip(read.Values), pair => Assert.InRange(pair.Second, (pair.First / 255f) - 0.1f, (pair.First / 255f) + 0.1f));

        Refused(bmp.ToArray().AsSpan()[..^20], "not a whole BMP file");
        Refused(jpeg.ToArray().AsSpan()[..^20], "not a whole JPEG file");
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 4)]
    public void A_BMP_file_with_run_lengths_is_said_to_be_one(byte compression, byte bits)
    {
        // Eight runs of 12 pixels of colour 1, and the end; no palette.
        byte[] header = [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 12, 0, 0, 0, 8, 0, 0, 0, 1, 0, bits, 0, compression,
            .. new byte[23]];
        Assert.Equal(54, header.Length);
        Refused([.. header, .. Enumerable.Repeat<byte[]>([12, 1, 0, 0], 8).SelectMany(run => run), 0, 1],
            $"RLE{bits} compression, which is not supported");
    }

    [Fact]
    public void A_damaged_JPEG_file_is_refused_or_read_but_never_read_forever()
    {
        byte[] colour = [.. Gradient.SelectMany(value => new[] { value, value, value })];
        using var jpeg = new MemoryStream();
        new ImageWriter().WriteJpg(colour, 12, 8, ColorComponents.RedGreenBlue, jpeg, 80);
        byte[] whole = jpeg.ToArray();
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 500; i++)
        {
            byte[] damaged = [.. whole];
            for (int k = 0; k < 3; k++)
                damaged[3 + random.Next(whole.Length - 3)] = (byte)random.Next(256);
            refused += Record.Exception(() => Read(damaged)) switch
            {
                null => 0,
                DataFormatException => 1,
                { } other => throw other,
            };
        }

        Assert.InRange(refused, 20, 480);
    }

    [Fact]
    public void Every_truncation_of_a_PNG_file_is_refused()
    {
        byte[] whole = Png.Encode(12, 8, Png.Grey, Gradient);
        Read(whole);
        for (int length = 0; length < whole.Length; length++)
            Refused(whole.AsSpan(0, length), "x.png");
    }

    [Fact]
    public void Every_changed_bit_of_a_PNG_file_is_refused()
    {
        byte[] whole = Png.Encode(12, 8, Png.Grey, Gradient);
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] changed = [.. whole];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Refused(changed, "x.png");
        }
    }

    [Fact]
    public void A_header_that_claims_a_huge_picture_allocates_nothing_for_it()
    {
        string path = _folder.Write("x.png", Png.Frame(100_000, 100_000, Png.ColourAlpha, 8, Png.Pack(new byte[1000])));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => ImageFile.Read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        Refused(File.ReadAllBytes(path), "100000×100000");
        Refused(Png.Frame(int.MaxValue, 2, Png.Grey, 8, Png.Pack(new byte[1000])), "x.png");
    }

    [Fact]
    public void Pixel_data_of_another_size_than_the_header_says_are_refused()
    {
        Refused(Png.Frame(12, 8, Png.Grey, 8, Png.Pack(Png.Rows(Gradient.AsSpan(12), 7))), "91 instead of 104 bytes");
        Refused(Png.Frame(12, 8, Png.Grey, 8, Png.Pack(new byte[5_000_000])), "more than 104 bytes");
        Refused(Png.Frame(12, 8, Png.Grey, 8, "no zlib stream"u8), "cannot be unpacked");
        Refused(Png.Frame(0, 8, Png.Grey, 8, Png.Pack([])), "x.png");
        Refused(Png.Frame(12, 8, 5, 8, Png.Pack([])), "x.png");
        Refused(Png.Frame(12, 8, Png.Colour, 1, Png.Pack([])), "x.png");
    }

    [Fact]
    public void Files_that_are_no_pictures_are_refused_by_their_first_bytes()
    {
        Refused("GIF89a"u8, "474946");
        Refused("hello, I am text"u8, "expected a PNG, JPEG or BMP file");
        Refused([], "nothing");
        Refused([0xFF, 0xD8, 0xFF, 0xFF, 0xD9], "x.png");
        Refused("BM"u8, "x.png");
        Assert.Contains("There is no file", Assert.Throws<InputException>(() => ImageFile.Read(_folder.File("none.png"))).Message,
            StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<InputException>(() => ImageFile.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Interlaced_pictures_are_held_to_the_sizes_of_their_passes()
    {
        // 3×2 pixels interlaced: passes 1 (1×1), 4 (1×1), 6 (1×1) and 7 (3×1) hold pixels, each row behind a filter byte.
        byte[] passes = [0, 10, 0, 30, 0, 20, 0, 40, 50, 60];
        Equal([10 / 255f, 20 / 255f, 30 / 255f, 40 / 255f, 50 / 255f, 60 / 255f],
            Read(Png.Frame(3, 2, Png.Grey, 8, Png.Pack(passes), interlace: 1)));
        Refused(Png.Frame(3, 2, Png.Grey, 8, Png.Pack(passes.AsSpan()[..^1]), interlace: 1), "9 instead of 10 bytes");
    }

    private static void Equal(float[] expected, GreyImage actual)
    {
        Assert.Equal(expected.Length, actual.Values.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual.Values[i], 1e-6f);
    }

    private GreyImage Read(ReadOnlySpan<byte> file) => ImageFile.Read(_folder.Write("x.png", file));

    private void Refused(ReadOnlySpan<byte> file, string part)
    {
        string path = _folder.Write("x.png", file);
        DataFormatException exception = Assert.Throws<DataFormatException>(() => ImageFile.Read(path));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
    }
}

using CnnFast.Images;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Tests.Images;

/// <summary>Picture files become bytes of one shape; damaged ones are one sentence that names them.</summary>
public sealed class PictureReaderTests
{
    private static readonly Rgba32 Red = new(200, 40, 10);
    private static readonly Rgba32 Blue = new(10, 30, 220);

    [Theory]
    [InlineData("a.png", 0)]
    [InlineData("a.bmp", 0)]
    [InlineData("a.webp", 0)]
    [InlineData("a.jpg", 3)]
    public void Every_format_gives_its_pixels(string name, int tolerance)
    {
        byte[] file = Pictures.Of(name, 13, 7, (x, _) => x < 8 ? Red : Blue);
        byte[] pixels = PictureReader.Read(file, name, new PictureOptions(7, 13));
        Assert.Equal(7 * 13 * 3, pixels.Length);
        for (int y = 0; y < 7; y++)
        {
            Near([200, 40, 10], pixels.AsSpan(((y * 13) + 3) * 3, 3), tolerance);
            Near([10, 30, 220], pixels.AsSpan(((y * 13) + 11) * 3, 3), tolerance);
        }

        byte[] grey = PictureReader.Read(file, name, new PictureOptions(7, 13, 1));
        Near([(byte)(((299 * 200) + (587 * 40) + (114 * 10) + 500) / 1000)], grey.AsSpan(3, 1), tolerance);
    }

    [Fact]
    public void Cropping_keeps_the_middle_stretching_the_sides_and_padding_the_aspect()
    {
        // Red, blue, red thirds, each 10 wide.
        byte[] file = Pictures.Of("a.png", 30, 10, (x, _) => x is >= 10 and < 20 ? Blue : Red);
        byte[] cropped = PictureReader.Read(file, "a.png", new PictureOptions(5, 5));
        Near([10, 30, 220], cropped.AsSpan(12 * 3, 3), 0);
        Near([10, 30, 220], cropped.AsSpan(10 * 3, 3), 1);

        byte[] stretched = PictureReader.Read(file, "a.png", new PictureOptions(6, 6) { Fit = PictureFit.Stretch });
        Near([200, 40, 10], stretched.AsSpan(0, 3), 1);
        Near([10, 30, 220], stretched.AsSpan(2 * 3, 3), 60);

        byte[] padded = PictureReader.Read(file, "a.png", new PictureOptions(6, 6) { Fit = PictureFit.Pad });
        Near([0, 0, 0], padded.AsSpan(0, 3), 0);
        Near([0, 0, 0], padded.AsSpan(1 * 6 * 3, 3), 0);
        Near([200, 40, 10], padded.AsSpan(2 * 6 * 3, 3), 1);
        Near([0, 0, 0], padded.AsSpan(4 * 6 * 3, 3), 0);
    }

    [Fact]
    public void See_through_parts_lie_on_white()
    {
        byte[] file = Pictures.Plain("a.png", 4, 4, new Rgba32(100, 0, 0, 51));
        Near([224, 204, 204], PictureReader.Read(file, "a.png", new PictureOptions(4, 4)).AsSpan(0, 3), 0);
        Near([224, 204, 204], PictureReader.Read(file, "a.png", new PictureOptions(2, 2)).AsSpan(0, 3), 1);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(3, 1, 1)]
    [InlineData(4, 0, 1)]
    [InlineData(5, 0, 0)]
    [InlineData(6, 1, 0)]
    [InlineData(7, 1, 1)]
    [InlineData(8, 0, 1)]
    public void The_orientation_of_cameras_is_respected(ushort orientation, int right, int lower)
    {
        foreach (string name in (string[])["a.jpg", "a.png", "a.webp"])
            OrientationIsRespected(name, orientation, right, lower);
    }

    private static void OrientationIsRespected(string name, ushort orientation, int right, int lower)
    {
        // The stored upper left quarter is red; 5 to 8 have rows and columns exchanged.
        byte[] file = Pictures.Of(name, 32, 16, (x, y) => x < 16 && y < 8 ? Red : Blue, orientation);
        bool turned = orientation >= 5;
        int width = turned ? 16 : 32;
        int height = turned ? 32 : 16;
        byte[] pixels = PictureReader.Read(file, name, new PictureOptions(height, width));
        for (int quarter = 0; quarter < 4; quarter++)
        {
            int x = (quarter % 2 * (width / 2)) + (width / 4);
            int y = (quarter / 2 * (height / 2)) + (height / 4);
            bool red = quarter % 2 == right && quarter / 2 == lower;
            Near(red ? [200, 40, 10] : [10, 30, 220], pixels.AsSpan(((y * width) + x) * 3, 3), 6);
        }
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.bmp")]
    [InlineData("a.webp")]
    [InlineData("a.jpg")]
    public void Files_that_are_cut_short_are_refused_by_name(string name)
    {
        byte[] file = Pictures.Of(name, 40, 30, (x, y) => new Rgba32((byte)(x * 6), (byte)(y * 8), (byte)(x * y)));
        foreach (int length in (int[])[0, 1, 3, 12, 20, 29, 40, file.Length / 2, file.Length * 3 / 4, file.Length - 3])
        {
            DataFormatException fault = Assert.Throws<DataFormatException>(() =>
                PictureReader.Read(file[..length], $"folder/{name}", new PictureOptions(8, 8)));
            Assert.StartsWith($"'folder/{name}' ", fault.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.bmp")]
    [InlineData("a.webp")]
    [InlineData("a.jpg")]
    public void Changed_bytes_give_a_picture_or_a_sentence(string name)
    {
        byte[] file = Pictures.Of(name, 40, 30, (x, y) => new Rgba32((byte)(x * 6), (byte)(y * 8), (byte)(x * y)));
        var random = new SeededRandom(7);
        for (int i = 0; i < 150; i++)
        {
            byte[] changed = [.. file];
            for (int n = random.NextInt32(4); n >= 0; n--)
                changed[random.NextInt32(i % 2 == 0 ? Math.Min(64, changed.Length) : changed.Length)] = (byte)random.NextInt32(256);
            try
            {
                Assert.Equal(192, PictureReader.Read(changed, name, new PictureOptions(8, 8)).Length);
            }
            catch (DataFormatException fault)
            {
                Assert.StartsWith($"'{name}' ", fault.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Pictures_that_claim_to_be_huge_take_no_memory()
    {
        byte[] file = Pictures.Plain("a.bmp", 4, 4, Red);
        BitConverter.TryWriteBytes(file.AsSpan(18), 60000);
        BitConverter.TryWriteBytes(file.AsSpan(22), 60000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("'big.bmp' is 60000×60000 pixels; expected at most 67108864 pixels in all.",
            Assert.Throws<DataFormatException>(() => PictureReader.Read(file, "big.bmp", new PictureOptions(8, 8))).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal("'a.png' is 13×7 pixels; expected at most 90 pixels in all.",
            Assert.Throws<DataFormatException>(() => PictureReader.Read(
                Pictures.Plain("a.png", 13, 7, Red), "a.png", new PictureOptions(8, 8) { MaxPixels = 90 })).Message);
    }

    [Theory]
    [InlineData("zTXt", "Comment\0\0")]
    [InlineData("iTXt", "XML:com.adobe.xmp\0\x01\0\0\0")]
    [InlineData("iCCP", "profile\0\0")]
    [InlineData("eXIf", "")]
    public void What_belongs_to_no_pixel_takes_no_memory(string chunk, string head)
    {
        byte[] file = Pictures.WithChunk(Pictures.Plain("a.png", 4, 4, Red), chunk,
            [.. head.Select(c => (byte)c), .. chunk == "eXIf" ? Pictures.ManyValues(1 << 20) : Pictures.Deflated(1 << 26)]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Near([200, 40, 10], PictureReader.Read(file, "a.png", new PictureOptions(4, 4)).AsSpan(0, 3), 0);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 22);
    }

    [Fact]
    public void Exif_data_of_jpeg_files_take_no_memory()
    {
        byte[] plain = Pictures.Plain("a.jpg", 8, 8, Red);
        byte[] exif = [.. "Exif\0\0"u8, .. Pictures.ManyValues(60000)];
        byte[] file = [0xFF, 0xD8, 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. plain[2..]];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Near([200, 40, 10], PictureReader.Read(file, "a.jpg", new PictureOptions(8, 8)).AsSpan(0, 3), 6);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Animated_pictures_are_refused_as_such()
    {
        byte[] frame = Pictures.Plain("a.webp", 4, 4, Red);
        byte[] file = [.. frame[..12], .. "VP8X"u8, 10, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 3, 0, 0, .. "ANIM"u8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BitConverter.TryWriteBytes(file.AsSpan(4), file.Length - 8);
        Assert.Equal("'a.webp' is an animated WebP file, which is not supported; expected a single picture.",
            Assert.Throws<DataFormatException>(() => PictureReader.Read(file, "a.webp", new PictureOptions(4, 4))).Message);
    }

    [Fact]
    public void Other_files_are_no_pictures()
    {
        Assert.Equal("'a.gif' is no picture: it starts with 474946383961; expected a PNG, JPEG, BMP or WebP file.",
            Assert.Throws<DataFormatException>(() => PictureReader.Read("GIF89a"u8.ToArray(), "a.gif", new PictureOptions(8, 8))).Message);
        Assert.StartsWith("There is no file 'none.png'",
            Assert.Throws<FileNotFoundException>(() => PictureReader.Read("none.png", new PictureOptions(8, 8))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_options_are_one_sentence()
    {
        Assert.Equal("PictureReader: the size of the images is 0×8; expected at least 1×1.",
            Assert.Throws<ArgumentException>(() => PictureReader.Read([], "a", new PictureOptions(0, 8))).Message);
        Assert.Equal("PictureReader: Channels is 2; expected 1 or 3.",
            Assert.Throws<ArgumentException>(() => PictureReader.Read([], "a", new PictureOptions(8, 8, 2))).Message);
    }

    private static void Near(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, int tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i], expected[i] - tolerance, expected[i] + tolerance);
    }
}

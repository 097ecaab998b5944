using CnnFast.Data;
using CnnFast.Images;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Tests.Images;

/// <summary>The cache of decoded images gives what the files give, whatever happens to it.</summary>
public sealed class PictureCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _cache;
    private readonly PictureOptions _options;

    public PictureCacheTests()
    {
        for (int i = 0; i < 70; i++)
            _folder.Write(["data", i % 2 == 0 ? "even" : "odd", $"{i:00}.png"],
                Pictures.Of("a.png", 6 + (i % 3), 5, (x, y) => new Rgba32((byte)i, (byte)(x * 20), (byte)(y * 30))));
        _cache = _folder["images.cache"];
        _options = new PictureOptions(4, 4) { CacheFile = _cache, MaxMemoryBytes = 0, MaxThreads = 2 };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_cache_is_written_once_and_read_from_then_on()
    {
        byte[] expected = Images(_options with { CacheFile = null });
        Assert.Equal(expected, Images(_options));
        DateTime written = File.GetLastWriteTimeUtc(_cache);
        byte[] bytes = File.ReadAllBytes(_cache);
        PictureDataset second = Open(_options);
        Assert.Equal((written, bytes.Length), (File.GetLastWriteTimeUtc(_cache), (int)new FileInfo(_cache).Length));
        foreach (string file in second.Files)
            File.WriteAllBytes(file, []);
        Assert.Equal(expected, Images(second));
        Assert.Equal(expected[(3 * 48)..(4 * 48)], Images(second.Subset(3)));
    }

    [Fact]
    public void Damage_is_noticed_and_the_file_read()
    {
        byte[] expected = Images(_options);
        byte[] whole = File.ReadAllBytes(_cache);
        var random = new SeededRandom(3);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.NextInt32(damaged.Length)] ^= (byte)(1 + random.NextInt32(255));
            File.WriteAllBytes(_cache, damaged);
            Assert.Equal(expected, Images(_options));
        }

        foreach (int length in (int[])[0, 5, 60, whole.Length - 1])
        {
            File.WriteAllBytes(_cache, whole[..length]);
            Assert.Equal(expected, Images(_options));
            Assert.Equal(whole, File.ReadAllBytes(_cache));
        }
    }

    [Fact]
    public void A_cache_of_other_files_or_options_is_written_anew()
    {
        Images(_options);
        Assert.Equal(Images(_options with { CacheFile = null, Fit = PictureFit.Pad }), Images(_options with { Fit = PictureFit.Pad }));
        Assert.Equal(Images(_options with { CacheFile = null }), Images(_options));
        string changed = Open(_options).Files[5];
        File.WriteAllBytes(changed, Pictures.Plain("a.png", 4, 4, new Rgba32(1, 2, 3)));
        File.SetLastWriteTimeUtc(changed, DateTime.UtcNow.AddMinutes(1));
        byte[] images = Images(_options);
        Assert.Equal([1, 2, 3], images[(5 * 48)..((5 * 48) + 3)]);
        File.Delete(changed);
        Assert.Equal([.. images[..(5 * 48)], .. images[(6 * 48)..]], Images(_options));
    }

    [Fact]
    public void A_cache_that_vanishes_or_is_of_another_run_is_not_trusted()
    {
        PictureDataset data = Open(_options);
        byte[] expected = Images(data);
        Images(_options with { Fit = PictureFit.Pad });
        Assert.Equal(expected, Images(data));
        File.Delete(_cache);
        Assert.Equal(expected, Images(data));
    }

    [Fact]
    public void Limits_of_pictures_hold_in_a_cache_too()
    {
        Images(_options);
        Assert.EndsWith("pixels; expected at most 20 pixels in all.",
            Assert.Throws<DataFormatException>(() => Open(_options with { MaxPixels = 20 })).Message, StringComparison.Ordinal);
        Assert.EndsWith("expected a picture of at most 9.",
            Assert.Throws<DataFormatException>(() => Open(_options with { MaxFileBytes = 9 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_cache_is_left_as_it_is()
    {
        string notes = _folder.Write(["notes.txt"], "my notes"u8.ToArray());
        Assert.Equal($"'{notes}' begins with 6D79206E6F746573 and is no cache of pictures; " +
            "expected one, which may be replaced, or no file.",
            Assert.Throws<DataFormatException>(() => Open(_options with { CacheFile = notes })).Message);
        Assert.Equal("my notes", File.ReadAllText(notes));
        string empty = _folder.Write(["empty"], []);
        Images(_options with { CacheFile = empty });
        Assert.NotEmpty(File.ReadAllBytes(empty));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_one_sentence_and_nothing_is_left()
    {
        string missing = Path.Combine(_folder["nowhere"], "images.cache");
        IOException fault = Assert.ThrowsAny<IOException>(() => Open(_options with { CacheFile = missing }));
        Assert.StartsWith($"Cannot write '{missing}'", fault.Message, StringComparison.Ordinal);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => PictureDataset.OpenFolder(_folder["data"], _options, cancelled.Token));
        Assert.Empty(Directory.GetFiles(_folder.FullPath));
    }

    private PictureDataset Open(PictureOptions options) =>
        PictureDataset.OpenFolder(_folder["data"], options, TestContext.Current.CancellationToken);

    private byte[] Images(PictureOptions options) => Images(Open(options));

    private static byte[] Images(IImageDataset data)
    {
        var pixels = new byte[data.Count * 48];
        for (int i = 0; i < data.Count; i++)
            data.ReadImage(i, pixels.AsSpan(i * 48, 48));
        return pixels;
    }
}

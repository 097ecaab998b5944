using CnnFast.Data;
using CnnFast.Images;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Tests.Images;

/// <summary>Folders of pictures as data sets: a class a folder, in the same order everywhere, with and without cache.</summary>
public sealed class PictureDatasetTests : IDisposable
{
    private static readonly PictureOptions Options = new(6, 5) { MaxThreads = 2 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_are_classes_in_the_order_of_their_characters()
    {
        WritePets();
        PictureDataset data = PictureDataset.OpenFolder(_folder.FullPath, Options, TestContext.Current.CancellationToken);
        Assert.Equal(["Zebra", "cat", "höhle 2"], data.ClassNames);
        Assert.Equal(
            ["Zebra/1.JPG", "cat/10.webp", "cat/2 b.Png", "cat/deeper/x.jpeg", "höhle 2/ä ö.bmp"],
            data.Files.Select(file => Path.GetRelativePath(_folder.FullPath, file).Replace('\\', '/')));
        Assert.Equal([0, 1, 1, 1, 2], data.ReadLabels());
        Assert.Equal([TargetInfo.Labels(3)], data.Targets);
        Assert.Empty(data.Skipped);
        byte[] reds = [.. Enumerable.Range(0, 5).Select(i => Read(data, i)[0])];
        Assert.InRange(reds[0], 7, 13);
        Assert.Equal([30, 20], reds[1..3]);
        Assert.InRange(reds[3], 37, 43);
        Assert.Equal(50, reds[4]);
    }

    [Fact]
    public void Batches_splits_and_normalisation_work_as_for_images_in_memory()
    {
        WritePets();
        PictureDataset data = PictureDataset.OpenFolder(_folder.FullPath, Options, TestContext.Current.CancellationToken);
        Normalization normalization = data.ComputeNormalization(2, TestContext.Current.CancellationToken);
        using var loader = new BatchLoader(data.Subset(4, 2).Normalized(normalization), 2, shuffle: false, fillers: 2);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.Equal(normalization.Apply(50, 0), loader.Current.Input()[0]);
        Assert.Equal(normalization.Apply(20, 0), loader.Current.Input()[90]);
        Assert.Equal([2, 1], loader.Current.Labels());
    }

    [Fact]
    public void A_class_without_pictures_is_named()
    {
        WritePets();
        Directory.CreateDirectory(_folder["empty one"]);
        File.WriteAllText(Path.Combine(_folder["empty one"], "notes.txt"), "no picture");
        string expected = $"'{_folder["empty one"]}' holds no picture (.png, .jpg, .jpeg, .bmp or .webp); " +
            "expected at least one for each class.";
        Assert.Equal(expected, Fault(Options).Message);
        string[] names = ["empty one", "Zebra", "höhle 2", "cat"];
        PictureDataset data = PictureDataset.OpenFolder(_folder.FullPath, Options with { ClassNames = names },
            TestContext.Current.CancellationToken);
        Assert.Equal([1, 3, 3, 3, 2], data.ReadLabels());
        Assert.Equal($"'{_folder["cat"]}' is a folder of no class; expected Zebra, höhle 2, empty one.",
            Fault(Options with { ClassNames = ["Zebra", "höhle 2", "empty one"] }).Message);
    }

    [Fact]
    public void Folders_without_folders_are_one_sentence()
    {
        Assert.Equal($"'{_folder.FullPath}' holds no folders; expected one with pictures for each class.", Fault(Options).Message);
        Assert.Equal($"There is no folder '{_folder["x"]}'; expected one that holds a folder of pictures for each class.",
            Assert.Throws<DirectoryNotFoundException>(() => PictureDataset.OpenFolder(_folder["x"], Options)).Message);
    }

    [Fact]
    public void One_folder_is_no_classes_unless_their_names_are_given()
    {
        _folder.Write(["data", "train", "cat", "1.png"], Pictures.Plain("a.png", 3, 3, Gray(1)));
        string data = _folder["data"];
        Assert.Equal($"'{data}' holds one folder, 'train', and so one class; " +
            "expected a folder with pictures for each of at least two, or PictureOptions.ClassNames.",
            Assert.Throws<DataFormatException>(() => PictureDataset.OpenFolder(data, Options)).Message);
        Assert.Equal([1], PictureDataset.OpenFolder(data, Options with { ClassNames = ["test", "train"] },
            TestContext.Current.CancellationToken).ReadLabels());
    }

    [Fact]
    public void Links_to_folders_are_not_followed()
    {
        WritePets();
        try
        {
            Directory.CreateSymbolicLink(_folder["linked"], _folder["cat"]);
            Directory.CreateSymbolicLink(Path.Combine(_folder["cat"], "linked"), _folder["Zebra"]);
        }
        catch (IOException) when (OperatingSystem.IsWindows())
        {
            return;
        }

        PictureDataset data = PictureDataset.OpenFolder(_folder.FullPath, Options, TestContext.Current.CancellationToken);
        Assert.Equal(["Zebra", "cat", "höhle 2"], data.ClassNames);
        Assert.Equal(5, data.Count);
    }

    [Fact]
    public void Names_of_classes_are_all_others()
    {
        WritePets();
        Assert.StartsWith("PictureDataset: ClassNames: the classes 0 and 2 are both called 'cat'; expected a name of its own for each.",
            Assert.Throws<ArgumentException>(() => PictureDataset.OpenFolder(_folder.FullPath,
                Options with { ClassNames = ["cat", "Zebra", "cat", "höhle 2"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_picture_stops_with_its_name_or_is_skipped()
    {
        WritePets();
        string bad = _folder.Write(["cat", "0 bad.png"], Pictures.Plain("a.png", 9, 9, Gray(1))[..60]);
        PictureDataset stops = PictureDataset.OpenFolder(_folder.FullPath, Options, TestContext.Current.CancellationToken);
        Assert.Equal(6, stops.Count);
        Assert.InRange(Read(stops, 0)[0], 7, 13);
        DataFormatException fault = Assert.Throws<DataFormatException>(() => Read(stops, 1));
        Assert.StartsWith($"'{bad}' is not a whole PNG file", fault.Message, StringComparison.Ordinal);
        using (var loader = new BatchLoader(stops, 2, shuffle: false, fillers: 3))
        {
            loader.StartEpoch(0, TestContext.Current.CancellationToken);
            Assert.Equal(fault.Message, Assert.Throws<DataFormatException>(() => loader.MoveNext()).Message);
        }

        foreach (string? cache in (string?[])[null, _folder["cache.bin"], _folder["cache.bin"]])
        {
            PictureDataset skips = PictureDataset.OpenFolder(_folder.FullPath,
                Options with { Unreadable = UnreadablePictures.Skip, CacheFile = cache }, TestContext.Current.CancellationToken);
            Assert.Equal(5, skips.Count);
            Assert.Equal([new SkippedPicture(bad, fault.Message)], skips.Skipped);
            Assert.Equal([0, 1, 1, 1, 2], skips.ReadLabels());
            Assert.Equal([30, 20], [Read(skips, 1)[0], Read(skips, 2)[0]]);
        }

        Assert.Equal(fault.Message, Fault(Options with { CacheFile = _folder["cache.bin"] }).Message);
    }

    [Fact]
    public void A_class_that_loses_all_its_pictures_is_named()
    {
        WritePets();
        File.WriteAllBytes(Path.Combine(_folder["Zebra"], "1.JPG"), [0xFF, 0xD8, 0xFF]);
        Assert.Equal($"'{_folder["Zebra"]}' holds no picture that can be read (1 were skipped); expected at least one for each class.",
            Fault(Options with { Unreadable = UnreadablePictures.Skip }).Message);
    }

    [Fact]
    public void Images_are_kept_in_memory_where_they_fit()
    {
        WritePets();
        PictureDataset kept = PictureDataset.OpenFolder(_folder.FullPath, Options, TestContext.Current.CancellationToken);
        PictureDataset read = PictureDataset.OpenFolder(_folder.FullPath, Options with { MaxMemoryBytes = (5 * 90) - 1 },
            TestContext.Current.CancellationToken);
        byte[] before = Read(kept, 2);
        Assert.Equal(before, Read(read, 2));
        File.Delete(kept.Files[2]);
        Assert.Equal(before, Read(kept, 2));
        Assert.Throws<FileNotFoundException>(() => Read(read, 2));
    }

    private static Rgba32 Gray(byte value) => new(value, value, value);

    private static byte[] Read(PictureDataset data, int index)
    {
        var pixels = new byte[data.ImageShape.ElementCount];
        data.ReadImage(index, pixels);
        return pixels;
    }

    private DataFormatException Fault(PictureOptions options) =>
        Assert.Throws<DataFormatException>(() => PictureDataset.OpenFolder(_folder.FullPath, options));

    private void WritePets()
    {
        _folder.Write(["Zebra", "1.JPG"], Pictures.Plain("1.jpg", 31, 17, Gray(10)));
        _folder.Write(["cat", "2 b.Png"], Pictures.Plain("b.png", 5, 6, Gray(20)));
        _folder.Write(["cat", "10.webp"], Pictures.Plain("b.webp", 50, 60, Gray(30)));
        _folder.Write(["cat", "deeper", "x.jpeg"], Pictures.Plain("x.jpg", 1, 1, Gray(40)));
        _folder.Write(["cat", ".hidden.png"], []);
        _folder.Write(["cat", "Thumbs.db"], [1, 2]);
        _folder.Write(["höhle 2", "ä ö.bmp"], Pictures.Plain("a.bmp", 7, 3, Gray(50)));
        _folder.Write([".git", "x.png"], []);
        _folder.Write(["notes.txt"], []);
    }
}

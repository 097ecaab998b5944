using System.Globalization;
using System.Text;
using CnnFast.Data;
using CnnFast.Images;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Tests.Images;

/// <summary>CSV files that say what pictures show.</summary>
public sealed class CsvPicturesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PictureOptions _options = new(2, 2);

    public CsvPicturesTests()
    {
        _folder.Write(["a, b.png"], Pictures.Plain("a.png", 2, 2, new Rgba32(1, 1, 1)));
        _folder.Write(["sub", "ü.png"], Pictures.Plain("a.png", 2, 2, new Rgba32(2, 2, 2)));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_are_texts_of_a_column()
    {
        PictureDataset data = Open("id,class,file\r\n1,\"big \"\"cat\"\"\",\"a, b.png\"\r\n2,ant,sub/ü.png\r\n3,ant,\"a, b.png\"\r\n",
            CsvTargets.Class());
        Assert.Equal(["ant", "big \"cat\""], data.ClassNames);
        Assert.Equal([1, 0, 0], data.ReadLabels());
        var pixels = new byte[12];
        data.ReadImage(1, pixels);
        Assert.Equal(2, pixels[0]);
        Assert.Equal(3, data.Count);
    }

    [Fact]
    public void Several_labels_are_ones_and_zeros()
    {
        PictureDataset data = Open("\uFEFFfile,tags\n\"a, b.png\",sky; water\nsub/ü.png,\n\nsub/ü.png,water", CsvTargets.Labels("tags"));
        Assert.Equal(["sky", "water"], data.ClassNames);
        Assert.Equal([TargetInfo.Values(new Shape(2))], data.Targets);
        Assert.Equal([1f, 1, 0, 0, 0, 1], Values(data));
    }

    [Fact]
    public void Values_are_numbers_of_columns()
    {
        PictureDataset data = Open("y,\"two\nlines\",picture\n-1.5e2,7,\"a, b.png\"\n0.25, 8 ,sub/ü.png\n",
            CsvTargets.Values("two\nlines", "y") with { FileColumn = "picture" });
        Assert.Null(data.ClassNames);
        Assert.Equal([7f, -150, 8, 0.25f], Values(data));
    }

    [Theory]
    [InlineData("file,class\nsub/ü.png", "line 2: the row has 1 fields; expected 2, as the first row names so many columns.")]
    [InlineData("file,class\n\n\nnone.png,a", "line 4: there is no file '*none.png'.")]
    [InlineData("file,class\n../x.png,a", "line 2: the file is '../x.png'; expected a path below '*'.")]
    [InlineData("file,class\n/etc/passwd,a", "line 2: the file is '/etc/passwd'; expected a path below '*'.")]
    [InlineData("file,class\n\\etc\\passwd,a", "line 2: the file is '\\etc\\passwd'; expected a path below '*'.")]
    [InlineData("file,class\nsub\\..\\..\\x.png,a", "line 2: the file is 'sub\\..\\..\\x.png'; expected a path below '*'.")]
    [InlineData("file,class\nsub/ü.png,", "line 2: the class is ''; expected 1 to 200 characters that can be printed.")]
    [InlineData("file,class\nsub/ü.png,\"a", "line 2: a field begins with a double quote and does not end with one.")]
    [InlineData("file,class\nsub/ü.png,a\"b", "line 2: a double quote stands in a field that does not begin with one.")]
    [InlineData("file,class\nsub/ü.png,\"a\"b", "line 2: 'b' follows a field in double quotes; expected a comma or the end of the line.")]
    [InlineData("name,class\nsub/ü.png,a", " has the columns 'name', 'class'; expected one that is called 'file'.")]
    [InlineData("file,class,class\nsub/ü.png,a,b", "expected only one that is called 'class'.")]
    [InlineData("file,class\n", " has 1 rows; expected the names of the columns and at least one row below.")]
    [InlineData("", " has 0 rows; expected the names of the columns and at least one row below.")]
    public void What_does_not_fit_is_one_sentence_with_its_line(string text, string expected)
    {
        string message = Assert.Throws<DataFormatException>(() => Open(text, CsvTargets.Class())).Message;
        Assert.StartsWith($"'{_folder["data.csv"]}'", message, StringComparison.Ordinal);
        foreach (string part in expected.Split('*'))
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_none_and_bytes_that_are_no_text_are_refused()
    {
        Assert.Equal($"'{_folder["data.csv"]}', line 2: the value is 'x'; expected a finite number.",
            Assert.Throws<DataFormatException>(() => Open("file,y\nsub/ü.png,x", CsvTargets.Values("y"))).Message);
        Assert.Contains("the value is 'NaN'",
            Assert.Throws<DataFormatException>(() => Open("file,y\nsub/ü.png,NaN", CsvTargets.Values("y"))).Message,
            StringComparison.Ordinal);
        _folder.Write(["data.csv"], [0x66, 0xFF, 0x0A]);
        Assert.Equal($"'{_folder["data.csv"]}' holds bytes that are no UTF-8; expected a CSV file in UTF-8.",
            Assert.Throws<DataFormatException>(() => PictureDataset.OpenCsv(_folder["data.csv"], CsvTargets.Class(), _options)).Message);
        Assert.Equal($"'{_folder["data.csv"]}', line 2: the class is 'c'; expected one of a, b.",
            Assert.Throws<DataFormatException>(() => Open("file,class\nsub/ü.png,c", CsvTargets.Class(),
                _options with { ClassNames = ["a", "b"] })).Message);
    }

    [Fact]
    public void Names_of_classes_are_held_to_what_they_name()
    {
        Assert.StartsWith("PictureDataset: ClassNames: the classes 0 and 1 are both called 'a'; expected a name of its own for each.",
            Assert.Throws<ArgumentException>(() => Open("file,class\nsub/ü.png,a", CsvTargets.Class(),
                _options with { ClassNames = ["a", "a"] })).Message, StringComparison.Ordinal);
        Assert.StartsWith("PictureDataset: PictureOptions.ClassNames is given and the targets are values",
            Assert.Throws<ArgumentException>(() => Open("file,y\nsub/ü.png,1", CsvTargets.Values("y"),
                _options with { ClassNames = ["a"] })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20_000, "the column 'class' has 20000 labels in 20000 rows, which are 400000000 numbers; expected at most 268435456.")]
    [InlineData(65_537, "the column 'class' has 65537 classes; expected at most 65536.")]
    public void A_label_of_its_own_for_every_row_is_one_sentence(int rows, string expected)
    {
        var text = new StringBuilder("file,class\n");
        for (int i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"sub/ü.png,{i}\n");
        Assert.Equal($"'{_folder["data.csv"]}': {expected}",
            Assert.Throws<DataFormatException>(() => Open(text.ToString(), CsvTargets.Labels("class"))).Message);
    }

    private static float[] Values(PictureDataset data)
    {
        using var loader = new BatchLoader(data, data.Count, shuffle: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        return loader.Current.Values().ToArray();
    }

    private PictureDataset Open(string text, CsvTargets targets, PictureOptions? options = null)
    {
        _folder.Write(["data.csv"], Encoding.UTF8.GetBytes(text));
        return PictureDataset.OpenCsv(_folder["data.csv"], targets, options ?? _options, TestContext.Current.CancellationToken);
    }
}

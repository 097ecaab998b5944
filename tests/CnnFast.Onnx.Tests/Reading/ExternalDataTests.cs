using System.Runtime.InteropServices;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;
using CnnFast.Tests;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests.Reading;

/// <summary>Weights beside the model: found, and nothing read that is not the model's.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _home;

    public ExternalDataTests()
    {
        _home = Directory.CreateDirectory(_folder["home"]).FullName;
        Directory.CreateDirectory(Path.Combine(_home, "data"));
        float[] values = [1, 2, 3, 4, 5];
        foreach (string path in (string[])["home/model.data", "home/data/more", "secret"])
            File.WriteAllBytes(_folder[path], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Data_are_read_from_their_place()
    {
        Assert.Equal([1, 2, 3, 4, 5], Read(5, ("location", "model.data")));
        Assert.Equal([3, 4], Read(2, ("location", "model.data"), ("offset", "8"), ("length", "8"), ("checksum", "no")));
        Assert.Equal([5], Read(1, ("location", "./data//more"), ("offset", "16")));
        Assert.Equal([], Read(0, ("location", "model.data"), ("offset", "20"), ("length", "0")));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("data/../../secret")]
    [InlineData("data/../model.data")]
    [InlineData("..")]
    [InlineData("..\\secret")]
    [InlineData("data\\..\\..\\secret")]
    [InlineData("/etc/passwd")]
    [InlineData("\\\\host\\share")]
    [InlineData("C:\\secret")]
    [InlineData("C:secret")]
    [InlineData("model.data:stream")]
    [InlineData("model.data\0")]
    [InlineData(".")]
    public void Paths_that_may_lead_out_are_refused(string location) =>
        Refused("which is not in the model's folder", 1, ("location", location));

    [Fact]
    public void An_absolute_path_is_refused_even_into_the_folder() =>
        Refused("which is not in the model's folder", 1, ("location", Path.Combine(_home, "model.data")));

    [Theory]
    [InlineData("link", "../secret")]
    [InlineData("link", "second")]
    [InlineData("data/link", "../../secret")]
    public void Links_that_lead_out_are_refused(string location, string target)
    {
        Link("second", "../secret");
        Link(location, target);
        Refused("which is not in the model's folder", 1, ("location", location));
    }

    [Fact]
    public void Links_of_folders_and_absolute_links_that_lead_out_are_refused()
    {
        Link("up", "..");
        Refused("which is not in the model's folder", 1, ("location", "up/secret"));
        Link("far", _folder["secret"]);
        Refused("which is not in the model's folder", 1, ("location", "far"));
        Directory.CreateDirectory(_folder["home2"]);
        File.Copy(_folder["secret"], _folder["home2/secret"]);
        Link("beside", "../home2/secret");
        Refused("which is not in the model's folder", 1, ("location", "beside"));
    }

    [Fact]
    public void A_link_to_itself_is_refused()
    {
        Link("ring", "ring2");
        Link("ring2", "ring");
        Refused("more than 40 links", 1, ("location", "ring"));
    }

    [Fact]
    public void Links_that_stay_are_followed()
    {
        Link("link", "data/more");
        Link("folder", Path.Combine(_home, "data"));
        Assert.Equal([1], Read(1, ("location", "link")));
        Assert.Equal([1], Read(1, ("location", "folder/more")));
        Directory.CreateSymbolicLink(_folder["alias"], _home);
        Assert.Equal([1], ReadAt(_folder["alias"], 1, ("location", "model.data")));
    }

    [Theory]
    [InlineData("offset", "-4")]
    [InlineData("offset", "1.5")]
    [InlineData("offset", "")]
    [InlineData("offset", " 4")]
    [InlineData("length", "+4")]
    [InlineData("length", "0x4")]
    [InlineData("length", "99999999999999999999")]
    public void Places_that_are_no_whole_numbers_are_refused(string key, string value) =>
        Refused("expected a whole number of bytes", 1, ("location", "model.data"), (key, value));

    [Theory]
    [InlineData("17")]
    [InlineData("21")]
    [InlineData("9223372036854775807")]
    public void Places_beyond_the_file_are_refused(string offset) =>
        Refused("which has 20 bytes", 1, ("location", "model.data"), ("offset", offset));

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused("has 8 bytes of external data; expected 4", 1, ("location", "model.data"), ("length", "8"));
        Refused("without a location", 1);
        Refused("give the offset twice", 1, ("location", "model.data"), ("offset", "0"), ("offset", "4"));
        Assert.Throws<FileNotFoundException>(() => Read(1, ("location", "none")));
        Assert.Throws<UnauthorizedAccessException>(() => Read(0, ("location", "data")));
    }

    [Fact]
    public void A_model_in_memory_has_no_folder()
    {
        using OnnxFile file = OnnxFile.Read(Model(1, ("location", "model.data")).ToByteArray(), new OnnxImportOptions());
        Assert.Equal(
            "'the model in memory': tensor 'w' has its data in the file 'model.data', but the model was read from memory and has no " +
                "folder; load it by its path.",
            Assert.Throws<DataFormatException>(() => file.ReadInitializer("w")).Message);
    }

    [Fact]
    public void Data_count_towards_the_limit()
    {
        byte[] bytes = Model(5, ("location", "model.data")).ToByteArray();
        File.WriteAllBytes(Path.Combine(_home, "model.onnx"), bytes);
        using OnnxFile file = OnnxFile.Open(Path.Combine(_home, "model.onnx"), new OnnxImportOptions { MaxModelBytes = bytes.Length + 19 });
        Assert.Contains("MaxModelBytes", Assert.Throws<DataFormatException>(() => file.ReadInitializer("w")).Message,
            StringComparison.Ordinal);
    }

    private void Link(string name, string target)
    {
        try
        {
            File.CreateSymbolicLink(Path.Combine(_home, name), target);
        }
        catch (Exception failure) when (OperatingSystem.IsWindows() && failure is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"Links cannot be made here: {failure.Message}");
        }
    }

    private void Refused(string part, int count, params (string Key, string Value)[] entries) =>
        Assert.Contains(part, Assert.Throws<DataFormatException>(() => Read(count, entries)).Message, StringComparison.Ordinal);

    private float[] Read(int count, params (string Key, string Value)[] entries) => ReadAt(_home, count, entries);

    private static float[] ReadAt(string folder, int count, params (string Key, string Value)[] entries)
    {
        string path = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(path, Model(count, entries).ToByteArray());
        using OnnxFile file = OnnxFile.Open(path, new OnnxImportOptions());
        return file.ReadInitializer("w").Values<float>().ToArray();
    }

    private static ModelProto Model(int count, params (string Key, string Value)[] entries)
    {
        ModelProto model = Protos.Model(Protos.Node("Add", ["x", "w"], ["y"]));
        model.Graph.Initializer.Add(Protos.External("w", [count], entries));
        return model;
    }
}

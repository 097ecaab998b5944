using CnnFast.Files;

using static CnnFast.Tests.Formats.SafetensorsBytes;

namespace CnnFast.Tests.Formats;

public sealed class SafetensorsFileTests
{
    private const string TwoFloats = """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_file_without_a_header_length_is_rejected(int length) => AssertRejected(
        $"'x' ends after {length} bytes; expected a safetensors file, which starts with 8 bytes that give the length of its header.",
        new byte[length]);

    [Theory]
    [InlineData(100_000_001UL)]
    [InlineData(0x8000000000000000UL)]
    [InlineData(ulong.MaxValue)]
    public void A_header_above_the_limit_is_rejected(ulong length) => AssertRejected(
        $"'x' claims a safetensors header of {length} bytes; expected at most 100000000.", Of("{}", 0, length));

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    public void A_header_that_holds_no_object_is_rejected(ulong length) => AssertRejected(
        $"'x' claims a safetensors header of {length} bytes; expected at least 2, an empty JSON object.", Of("{}", 0, length));

    [Theory]
    [InlineData(3UL)]
    [InlineData(100_000_000UL)]
    public void A_header_that_goes_beyond_the_file_is_rejected_without_much_memory(ulong length)
    {
        byte[] file = Of("{}", 0, length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRejected($"'x' claims a safetensors header of {length} bytes but ends after 2 of them; expected all of it.", file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Every_truncation_is_rejected()
    {
        byte[] file = Of(TwoFloats, 8);
        for (int length = 0; length < file.Length; length++)
        {
            byte[] cut = file[..length];
            Assert.Throws<DataFormatException>(() => SafetensorsFile.Read(new MemoryStream(cut), "x"));
            Assert.Throws<DataFormatException>(() => SafetensorsFile.Read(new ForwardOnlyStream(cut), "x"));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Truncated_data_is_rejected(int length) => AssertRejected(
        $"'x' is truncated: it holds {length} bytes of tensor data; expected 8, as its header says.", Of(TwoFloats, length));

    [Fact]
    public void A_tensor_that_claims_gigabytes_costs_no_memory()
    {
        byte[] file = Of("""{"w":{"dtype":"F32","shape":[2000000000],"data_offsets":[0,8000000000]}}""", 16);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRejected("'x' is truncated: it holds 16 bytes of tensor data; expected 8000000000, as its header says.", file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Bytes_after_the_data_are_rejected()
    {
        byte[] file = Of(TwoFloats, 9);
        Assert.Equal(
            "'x' holds 9 bytes of tensor data; expected 8, as its header says, and nothing after them.",
            Assert.Throws<DataFormatException>(() => SafetensorsFile.Read(new MemoryStream(file), "x")).Message);
        Assert.Equal(
            "'x' goes on after its tensors; expected 8 bytes of data, as its header says.",
            Assert.Throws<DataFormatException>(() => SafetensorsFile.Read(new ForwardOnlyStream(file), "x")).Message);
    }

    [Fact]
    public void A_file_without_tensors_is_a_file()
    {
        var file = SafetensorsFile.Read(new MemoryStream(Of("""{"__metadata__":{"a":"b"}}""", 0)), "x");
        Assert.Empty(file.Tensors);
        Assert.Equal("b", file.Metadata["a"]);
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named()
    {
        var file = SafetensorsFile.Read(new MemoryStream(Of(TwoFloats, 8)), "x");
        Assert.Null(file.Find("v"));
        Assert.NotNull(file.Find("w"));
        Assert.Equal("'x' holds no tensor 'v'; expected one among its 1 tensors.",
            Assert.Throws<DataFormatException>(() => file["v"]).Message);
    }

    [Fact]
    public void A_stream_is_read_from_where_it_stands_and_stays_open()
    {
        using var stream = new MemoryStream([1, 2, 3, .. Of(TwoFloats, 8)]);
        stream.Position = 3;
        Assert.Single(SafetensorsFile.Read(stream, "x").Tensors);
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"There is no file '{folder["none"]}'; expected a safetensors file.",
            Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Read(folder["none"])).Message);
        string nested = Path.Combine(folder["no-folder"], "f");
        Assert.Equal($"There is no file '{nested}'; expected a safetensors file.",
            Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Read(nested)).Message);
        Assert.Equal($"'{folder.FullPath}' is a folder; expected a safetensors file.",
            Assert.Throws<UnauthorizedAccessException>(() => SafetensorsFile.Read(folder.FullPath)).Message);
    }

    [Fact]
    public void Thousands_of_damaged_files_are_read_or_rejected_in_words()
    {
        using var good = new MemoryStream();
        SafetensorsWriter.Write(
            good,
            [new SafetensorsTensor("conv.filter", new Shape(3, 3, 1, 2), new float[18]),
                new SafetensorsTensor("conv.bias", new Shape(2), new float[2])],
            new Dictionary<string, string> { ["architecture"] = """{"layers":["conv"]}""", ["format"] = "1" });
        Damage.AssertReadOrRejected(good.ToArray(), 20_000, stream => SafetensorsFile.Read(stream, "x"));
    }
}

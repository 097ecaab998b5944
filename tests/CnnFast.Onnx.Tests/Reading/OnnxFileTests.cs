using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;
using CnnFast.Tests;
using CnnFast.Tests.Models;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests.Reading;

/// <summary>Whole files, from a path and from memory.</summary>
public sealed class OnnxFileTests
{
    private static readonly OnnxImportOptions Options = new();

    [Theory]
    [InlineData("chain")]
    [InlineData("branches")]
    public void The_graph_and_its_weights_are_those_of_the_file(string name)
    {
        using var folder = new TemporaryFolder();
        using var stream = new MemoryStream();
        OnnxModel.Export(TestModels.Build(name), stream);
        string path = folder.Write("model.onnx", stream.ToArray());
        ModelProto whole = ModelProto.Parser.ParseFrom(stream.ToArray());
        using OnnxFile opened = OnnxFile.Open(path, Options);
        using OnnxFile read = OnnxFile.Read(stream.ToArray(), Options);
        Assert.Equal(opened.Model, read.Model);
        Assert.Equal(path, opened.Name);
        foreach (TensorProto tensor in whole.Graph.Initializer)
        {
            Assert.Equal(tensor.RawData.ToByteArray(), opened.ReadInitializer(tensor.Name).Bytes.ToArray());
            Assert.Equal(tensor.RawData.ToByteArray(), read.ReadInitializer(tensor.Name).Bytes.ToArray());
            Assert.Equal(tensor.Dims, opened.ReadInitializer(tensor.Name).Dimensions.Select(d => (long)d));
        }

        foreach (TensorProto left in whole.Graph.Initializer.Where(tensor => tensor.RawData.Length > ModelReader.MaxHeldBytes))
            left.RawData = ByteString.Empty;
        Assert.Equal(whole, opened.Model);
        Assert.Empty(opened.Notes);
    }

    [Fact]
    public void A_file_of_100_megabytes_is_read_a_tensor_at_a_time()
    {
        const int Count = 25;
        using var folder = new TemporaryFolder();
        string path = LargeModel.Write(folder, Count, out int tensorBytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using OnnxFile file = OnnxFile.Open(path, Options);
        long opened = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(opened < 1 << 20, $"Opening took {opened} bytes.");
        for (int i = 0; i < Count; i++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            OnnxTensor tensor = file.ReadInitializer($"weight{i}");
            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken < tensorBytes + (1 << 14), $"Reading a tensor of {tensorBytes} bytes took {taken} bytes.");
            ReadOnlySpan<float> values = tensor.Values<float>();
            Assert.Equal((i, i), ((int)values[0], (int)values[^1]));
        }
    }

    [Fact]
    public void Files_that_are_no_models_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<FileNotFoundException>(() => OnnxFile.Open(Path.Combine(folder.FullPath, "none.onnx"), Options));
        Assert.Throws<UnauthorizedAccessException>(() => OnnxFile.Open(folder.FullPath, Options));
        string path = folder.Write("text.onnx", "{ \"graph\": 1 }"u8.ToArray());
        var refused = Assert.Throws<DataFormatException>(() => OnnxFile.Open(path, Options));
        Assert.StartsWith($"'{path}' ", refused.Message, StringComparison.Ordinal);
    }
}

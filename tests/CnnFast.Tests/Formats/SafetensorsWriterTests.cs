using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CnnFast.Files;

namespace CnnFast.Tests.Formats;

public sealed class SafetensorsWriterTests
{
    private static SafetensorsTensor Tensor(string name, params float[] values) => new(name, new Shape(values.Length), values);

    private static byte[] Bytes(IEnumerable<SafetensorsTensor> tensors, Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    [Fact]
    public void The_bytes_of_a_small_file_are_those_of_the_format()
    {
        byte[] file = Bytes([Tensor("w", 1, -2)], new() { ["a"] = "é\"" });
        const string Header = """{"__metadata__":{"a":"é\""},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(Header, Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal(0, (8 + length) % 64);
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], file[(8 + length)..]);
    }

    [Fact]
    public void Names_shapes_values_and_metadata_come_back()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(3);
        float[] filter = [.. Enumerable.Range(0, 3 * 5 * 2 * 4).Select(_ => random.NextSingle())];
        var metadata =
            new Dictionary<string, string> { ["architecture"] = "{\"layers\":[\"Conv2D\"]}\n\t\0€😀", ["empty"] = "", [""] = "empty key" };
        SafetensorsWriter.Write(folder["m.safetensors"], [new SafetensorsTensor("filter", new Shape(3, 5, 2, 4), filter),
            Tensor("bias 'ü' \"q\"", 1, 2), new SafetensorsTensor("scalar", default, new float[] { 7 })], metadata);
        var read = SafetensorsFile.Read(folder["m.safetensors"]);
        Assert.Equal(["filter", "bias 'ü' \"q\"", "scalar"], read.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(new Shape(3, 5, 2, 4), read["filter"].Shape);
        Assert.Equal(filter, read["filter"].Data.ToArray());
        Assert.Equal([7f], read["scalar"].Data.ToArray());
        Assert.Equal(0, read["scalar"].Shape.Rank);
        Assert.Equal(metadata, read.Metadata);
        Assert.Equal(["m.safetensors"], Directory.GetFileSystemEntries(folder.FullPath).Select(Path.GetFileName));
    }

    [Fact]
    public void Every_bit_of_a_float_comes_back()
    {
        uint[] bits = [0x7FC00000, 0xFFC12345, 0x7F800001, 0xFFBFFFFF, 0x7F800000, 0xFF800000, 0x80000000, 0x00000001, 0x807FFFFF,
            0x3F800001];
        float[] values = MemoryMarshal.Cast<uint, float>(bits).ToArray();
        byte[] file = Bytes([new SafetensorsTensor("w", new Shape(bits.Length), values)]);
        ReadOnlySpan<float> read = SafetensorsFile.Read(new MemoryStream(file), "x")["w"].Data.Span;
        Assert.Equal(bits, MemoryMarshal.Cast<float, uint>(read).ToArray());
        ReadOnlySpan<float> streamed = SafetensorsFile.Read(new ForwardOnlyStream(file), "x")["w"].Data.Span;
        Assert.Equal(bits, MemoryMarshal.Cast<float, uint>(streamed).ToArray());
    }

    [Fact]
    public void A_tensor_of_several_megabytes_comes_back_from_any_stream()
    {
        float[] values = [.. Enumerable.Range(0, 1_500_000).Select(i => (float)i)];
        byte[] file = Bytes([Tensor("w", values), Tensor("v", 5)]);
        Assert.Equal(values, SafetensorsFile.Read(new MemoryStream(file), "x")["w"].Data.ToArray());
        Assert.Equal(values, SafetensorsFile.Read(new ForwardOnlyStream(file, 77_777), "x")["w"].Data.ToArray());
    }

    [Fact]
    public void Tensors_of_other_types_are_kept_wider_ones_first()
    {
        byte[] file = SafetensorsBytes.Of(
            """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"F64","shape":[1],"data_offsets":[3,11]},""" +
            """ "c":{"dtype":"BF16","shape":[1],"data_offsets":[11,13]}}""",
            13);
        var read = SafetensorsFile.Read(new MemoryStream(file), "x");
        var again = SafetensorsFile.Read(new MemoryStream(Bytes([.. read.Tensors, Tensor("d", 4)])), "x");
        Assert.Equal(["b", "d", "c", "a"], again.Tensors.Select(tensor => tensor.Name));
        foreach (SafetensorsTensor tensor in read.Tensors)
        {
            Assert.Equal(tensor.DType, again[tensor.Name].DType);
            Assert.Equal(tensor.Bytes.ToArray(), again[tensor.Name].Bytes.ToArray());
        }
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes_and_no_metadata_leave_no_key()
    {
        Assert.Equal(Bytes([Tensor("w", 1)]), Bytes([Tensor("w", 1)]));
        Assert.Equal(Bytes([Tensor("w", 1)]), Bytes([Tensor("w", 1)], []));
        Assert.DoesNotContain("__metadata__", Encoding.UTF8.GetString(Bytes([Tensor("w", 1)])), StringComparison.Ordinal);
        Assert.Empty(SafetensorsFile.Read(new MemoryStream(Bytes([])), "x").Tensors);
    }

    [Fact]
    public void Names_that_the_format_cannot_hold_are_rejected()
    {
        Assert.StartsWith("SafetensorsWriter: two tensors are called 'w'; expected every name once.",
            Assert.Throws<ArgumentException>(() => Bytes([Tensor("w", 1), Tensor("w", 2)])).Message, StringComparison.Ordinal);
        Assert.StartsWith("SafetensorsWriter: a tensor is called '__metadata__'; expected another name, since the format keeps this one.",
            Assert.Throws<ArgumentException>(() => Bytes([Tensor("__metadata__", 1)])).Message, StringComparison.Ordinal);
        Assert.StartsWith("SafetensorsWriter: the tensor name 'a\\uD800' holds half a surrogate pair; expected valid Unicode.",
            Assert.Throws<ArgumentException>(() => Bytes([Tensor("a\uD800", 1)])).Message, StringComparison.Ordinal);
        Assert.StartsWith("SafetensorsWriter: the metadata value of 'k' '\\uDC00' holds half",
            Assert.Throws<ArgumentException>(() => Bytes([], new() { ["k"] = "\uDC00" })).Message, StringComparison.Ordinal);
        using var stream = new MemoryStream();
        Assert.StartsWith("SafetensorsWriter: the metadata has the key 'k' twice; expected every key once.",
            Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(stream, [], [new("k", "1"), new("k", "2")])).Message,
            StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void A_header_above_the_limit_of_the_format_is_rejected() => Assert.StartsWith(
        "SafetensorsWriter: the names and metadata take 100000056 bytes; expected at most 100000000, the longest header of the format.",
        Assert.Throws<ArgumentException>(() => Bytes([], new() { ["k"] = new string('a', 100_000_000) })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Values_that_do_not_fill_the_shape_are_rejected() => Assert.Equal(
        "Tensor 'w': 3 values were given for the shape [2, 2]; expected 4.",
        Assert.Throws<ShapeException>(() => new SafetensorsTensor("w", new Shape(2, 2), new float[3])).Message);

    [Fact]
    public void A_rejected_file_leaves_the_old_one()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["m"], [Tensor("w", 1)]);
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(folder["m"], [Tensor("w", 1), Tensor("w", 2)]));
        Assert.Equal([1f], SafetensorsFile.Read(folder["m"])["w"].Data.ToArray());
        Assert.Single(Directory.GetFileSystemEntries(folder.FullPath));
    }
}

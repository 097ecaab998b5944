using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CnnFast.Files;

namespace CnnFast.Tests.Formats;

public sealed class NpyFileTests
{
    private static byte[] Npy(string header, byte[] data, byte major = 1, byte minor = 0, uint? claimedLength = null)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        uint length = claimedLength ?? (uint)text.Length;
        byte[] prefix = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', major, minor,
            .. major == 1 ? new byte[2] : new byte[4]];
        if (major == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(prefix.AsSpan(8), (ushort)length);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(prefix.AsSpan(8), length);
        return [.. prefix, .. text, .. data];
    }

    private static string Header(string descr, string shape) =>
        $"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}          \n";

    private static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static NpyArray Read(byte[] file)
    {
        NpyArray array = NpyFile.Read(new MemoryStream(file), "x");
        NpyArray streamed = NpyFile.Read(new ForwardOnlyStream(file), "x");
        Assert.Equal(array.Shape, streamed.Shape);
        Assert.True(MemoryMarshal.AsBytes(array.Data.Span).SequenceEqual(MemoryMarshal.AsBytes(streamed.Data.Span)));
        return array;
    }

    private static void AssertRejected(string message, byte[] file)
    {
        Assert.Equal(message, Assert.Throws<DataFormatException>(() => NpyFile.Read(new MemoryStream(file), "x")).Message);
        Assert.Equal(message, Assert.Throws<DataFormatException>(() => NpyFile.Read(new ForwardOnlyStream(file), "x")).Message);
    }

    [Fact]
    public void A_written_file_has_the_bytes_that_NumPy_writes()
    {
        using var stream = new MemoryStream();
        NpyFile.Write(stream, new Shape(2, 3), [1, 2, 3, 4, 5, 6]);
        byte[] expected = Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" + new string(' ', 58) + "\n",
            Floats(1, 2, 3, 4, 5, 6));
        Assert.Equal(128 + 24, expected.Length);
        Assert.Equal(expected, stream.ToArray());
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 5 })]
    [InlineData(new[] { 2, 3 })]
    [InlineData(new[] { 2, 1, 3, 4 })]
    [InlineData(new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2 })]
    public void Shapes_and_every_bit_come_back(int[] dimensions)
    {
        using var folder = new TemporaryFolder();
        var shape = new Shape(dimensions);
        var bits = new uint[shape.ElementCount];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = i == 0 ? 0xFFC12345 : (uint)i * 0x9E3779B9;
        NpyFile.Write(folder["a.npy"], shape, MemoryMarshal.Cast<uint, float>(bits));
        NpyArray read = NpyFile.Read(folder["a.npy"]);
        Assert.Equal(shape, read.Shape);
        Assert.Equal(bits, MemoryMarshal.Cast<float, uint>(read.Data.Span).ToArray());
        Assert.Equal(0, (new FileInfo(folder["a.npy"]).Length - (4 * bits.Length)) % 64);
        Assert.Single(Directory.GetFileSystemEntries(folder.FullPath));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void All_three_versions_are_read(byte major) =>
        Assert.Equal([1.5f, -2], Read(Npy(Header("<f4", "(2,)"), Floats(1.5f, -2), major)).Data.ToArray());

    [Theory]
    [InlineData("{'shape':(2,),'fortran_order':False,'descr':'<f4'}")]
    [InlineData(" {\"shape\" : ( 2 , ) , \"descr\" : \"<f4\" , \"fortran_order\" : False } \n")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1,)}")]
    public void The_header_may_be_written_in_other_ways(string header) =>
        Assert.Equal([3f, 4f], Read(Npy(header, Floats(3, 4))).Data.ToArray());

    [Theory]
    [InlineData("|u1", "00FF", 0f, 255f)]
    [InlineData("|b1", "0001", 0f, 1f)]
    [InlineData("<u1", "0A80", 10f, 128f)]
    [InlineData(">f4", "3F800000C0000000", 1f, -2f)]
    [InlineData("<f4", "0000803F000000C0", 1f, -2f)]
    [InlineData("<f8", "9A9999999999B93F00000000000000C0", 0.1f, -2f)]
    [InlineData(">f8", "3FB999999999999AC000000000000000", 0.1f, -2f)]
    [InlineData("<i4", "FFFFFFFF00000001", -1f, 16777216f)]
    [InlineData(">i4", "FFFFFFFF01000000", -1f, 16777216f)]
    [InlineData("<i8", "FEFFFFFFFFFFFFFF0000000000010000", -2f, 1099511627776f)]
    [InlineData(">i8", "FFFFFFFFFFFFFFFE0000010000000000", -2f, 1099511627776f)]
    public void Other_types_become_floats(string descr, string data, float first, float second) =>
        Assert.Equal([first, second], Read(Npy(Header(descr, "(2,)"), Convert.FromHexString(data))).Data.ToArray());

    [Fact]
    public void A_long_array_of_another_type_is_converted_whole()
    {
        var data = new byte[8 * 300_000];
        for (int i = 0; i < 300_000; i++)
            BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(8 * i), i);
        byte[] file = Npy(Header("<i8", "(300, 1000)"), data);
        float[] expected = [.. Enumerable.Range(0, 300_000).Select(i => (float)i)];
        Assert.Equal(expected, NpyFile.Read(new MemoryStream(file), "x").Data.ToArray());
        Assert.Equal(expected, NpyFile.Read(new ForwardOnlyStream(file, 12_345), "x").Data.ToArray());
    }

    [Fact]
    public void Fortran_order_is_rejected() => AssertRejected(
        "'x': the NumPy array is in Fortran order; expected C order (save numpy.ascontiguousarray of it).",
        Npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), }", Floats(1, 2)));

    [Theory]
    [InlineData("<f16")]
    [InlineData("<c8")]
    [InlineData("|b2")]
    [InlineData("|O")]
    [InlineData("<U3")]
    [InlineData("f4")]
    [InlineData("")]
    public void A_type_that_is_no_number_of_this_library_is_rejected_by_name(string descr) => AssertRejected(
        $"'x': the elements of the NumPy array are of type '{descr}'; expected '<f2', '<f4', '<f8', '<i4', '<i8' (or big-endian, '>f4'), " +
            "'|u1' or '|b1'.",
        Npy(Header(descr, "(2,)"), Floats(1, 2)));

    [Fact]
    public void Records_are_rejected() => AssertRejected(
        "'x': the elements of the NumPy array are of type 'a record'; expected '<f2', '<f4', '<f8', '<i4', '<i8' (or big-endian, '>f4'), " +
            "'|u1' or '|b1'.",
        Npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", Floats(1, 2)));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_file_that_ends_in_its_magic_is_rejected(int length) =>
        AssertRejected($"'x' ends after {length} bytes; expected a NumPy file.", Npy(Header("<f4", "(2,)"), Floats(1, 2))[..length]);

    [Fact]
    public void Another_magic_is_rejected() =>
        AssertRejected("'x' does not start with the bytes 93 4E 55 4D 50 59; expected a NumPy file.", new byte[200]);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(1, 1)]
    [InlineData(255, 255)]
    public void Another_version_is_rejected(byte major, byte minor) => AssertRejected(
        $"'x' is a NumPy file of version {major}.{minor}; expected 1.0, 2.0 or 3.0.",
        Npy(Header("<f4", "(2,)"), Floats(1, 2), major, minor));

    [Fact]
    public void A_header_that_goes_beyond_the_file_is_rejected()
    {
        AssertRejected("'x' claims a NumPy header of 65535 bytes but ends after 2 of them; expected all of it.",
            Npy("{}", [], 1, 0, 65535));
        AssertRejected("'x' claims a NumPy header of 65536 bytes; expected at most 65535.", Npy("{}", [], 2, 0, 65536));
        AssertRejected("'x' claims a NumPy header of 4294967295 bytes; expected at most 65535.", Npy("{}", [], 3, 0, uint.MaxValue));
        AssertRejected("'x' ends within the length of its NumPy header; expected 4 bytes there.", Npy("{}", [], 2)[..11]);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "shape")]
    [InlineData("{'descr': '<f4', 'shape': (2,), }", "fortran_order")]
    [InlineData("{'fortran_order': False, 'shape': (2,), }", "descr")]
    [InlineData("{}", "descr")]
    public void A_missing_key_is_named(string header, string key) => AssertRejected(
        $"'x': the NumPy header has no '{key}'; expected 'descr', 'fortran_order' and 'shape'.", Npy(header, Floats(1, 2)));

    [Theory]
    [InlineData("'descr': '<f4', 'descr': '<f4'", "descr")]
    [InlineData("'fortran_order': False, 'fortran_order': True", "fortran_order")]
    [InlineData("'shape': (2,), 'shape': (3,)", "shape")]
    public void A_key_that_comes_twice_is_rejected(string text, string key) => AssertRejected(
        $"'x': the NumPy header has the key '{key}' twice; expected every key once.", Npy($"{{{text}}}", Floats(1, 2)));

    [Fact]
    public void Another_key_is_rejected() => AssertRejected(
        "'x': the NumPy header has the key 'order'; expected 'descr', 'fortran_order' and 'shape' alone.", Npy("{'order': 'C'}", []));

    [Theory]
    [InlineData("", "the end at byte 0; expected '{'")]
    [InlineData("[]", "'[]' at byte 0; expected '{'")]
    [InlineData("{", "the end at byte 1; expected a string in quotes")]
    [InlineData("{descr: 1}", "'descr: 1}' at byte 1; expected a string in quotes")]
    [InlineData("{'descr", "''descr' at byte 1; expected a string in quotes, without escapes")]
    [InlineData("{'de\\x73cr': '<f4'}", "''de\\x73cr': '<f4' at byte 1; expected a string in quotes, without escapes")]
    [InlineData("{'descr' '<f4'}", "''<f4'}' at byte 9; expected ':'")]
    [InlineData("{'descr': '<f4' 'shape': (2,)}", "''shape': (2,)}' at byte 16; expected '}'")]
    [InlineData("{'shape': (2)}", "'}' at byte 13; expected a tuple such as (3,)")]
    [InlineData("{'shape': [2]}", "'[2]}' at byte 10; expected '('")]
    [InlineData("{'shape': (2 3)}", "'3)}' at byte 13; expected ',' or ')'")]
    [InlineData("{'shape': (-2,)}", "'-2,)}' at byte 11; expected a whole number from 0 to 9223372036854775807")]
    [InlineData("{'shape': (,)}", "',)}' at byte 11; expected a whole number from 0 to 9223372036854775807")]
    [InlineData("{'shape': (2.5,)}", "'.5,)}' at byte 12; expected ',' or ')'")]
    [InlineData("{'shape': (9223372036854775808,)}",
        "'9223372036854775' at byte 11; expected a whole number from 0 to 9223372036854775807")]
    [InlineData("{'shape': (2,", "the end at byte 13; expected a whole number from 0 to 9223372036854775807")]
    [InlineData("{'fortran_order': 0}", "'0}' at byte 18; expected True or False")]
    [InlineData("{} {}", "'{}' at byte 3; expected nothing but spaces after the dictionary")]
    public void A_header_that_is_no_dictionary_is_rejected(string header, string what) => AssertRejected(
        $"'x': the NumPy header has {what}.", Npy(header, Floats(1, 2)));

    [Theory]
    [InlineData("(0,)", "every dimension to be at least 1")]
    [InlineData("(3, 0, 2)", "every dimension to be at least 1")]
    [InlineData("(2147483648,)", "at most 2147483647 elements")]
    [InlineData("(65536, 65536)", "at most 2147483647 elements")]
    [InlineData("(9223372036854775807, 9223372036854775807)", "at most 2147483647 elements")]
    public void A_shape_that_no_tensor_can_have_is_rejected(string shape, string expected) => AssertRejected(
        $"'x': the NumPy array has the shape {shape.Replace(",)", ")", StringComparison.Ordinal)}; expected {expected}.",
        Npy(Header("<f4", shape), []));

    [Fact]
    public void A_shape_of_33_dimensions_is_rejected()
    {
        byte[] file = Npy(Header("<f4", $"({string.Join(", ", Enumerable.Repeat(1, 33))})"), Floats(1));
        Assert.EndsWith("expected at most 32 dimensions.",
            Assert.Throws<DataFormatException>(() => NpyFile.Read(new MemoryStream(file), "x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<f4", 7)]
    [InlineData("<f8", 15)]
    [InlineData("|u1", 1)]
    public void Truncated_data_are_rejected(string descr, int length)
    {
        int size = descr[2] - '0';
        byte[] file = Npy(Header(descr, "(2,)"), new byte[length]);
        Assert.Equal($"'x' ends after {length} bytes of data; expected {2 * size} bytes for the shape [2].",
            Assert.Throws<DataFormatException>(() => NpyFile.Read(new MemoryStream(file), "x")).Message);
        Assert.Equal($"'x' ends after {length / size * size} bytes of data; expected {2 * size} bytes for the shape [2].",
            Assert.Throws<DataFormatException>(() => NpyFile.Read(new ForwardOnlyStream(file), "x")).Message);
    }

    [Theory]
    [InlineData("<f4", 8)]
    [InlineData("<i8", 16)]
    public void Bytes_after_the_data_are_rejected(string descr, int length) => AssertRejected(
        $"'x' goes on after its data; expected {length} bytes for the shape [2].", Npy(Header(descr, "(2,)"), new byte[length + 1]));

    [Theory]
    [InlineData("<f4")]
    [InlineData("<f8")]
    [InlineData("|u1")]
    public void An_array_that_claims_gigabytes_costs_no_memory(string descr)
    {
        byte[] file = Npy(Header(descr, "(2000000000,)"), new byte[16]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int size = descr[2] - '0';
        AssertRejected($"'x' ends after 16 bytes of data; expected {2_000_000_000L * size} bytes for the shape [2000000000].", file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
    }

    [Fact]
    public void Files_that_are_not_there_and_wrong_lengths_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"There is no file '{folder["none"]}'; expected a NumPy file.",
            Assert.Throws<FileNotFoundException>(() => NpyFile.Read(folder["none"])).Message);
        Assert.Equal("NpyFile: 3 values were given for the shape [2, 2]; expected 4.",
            Assert.Throws<ShapeException>(() => NpyFile.Write(folder["a"], new Shape(2, 2), new float[3])).Message);
        Assert.Equal("NpyArray: 3 values were given for the shape [2, 2]; expected 4.",
            Assert.Throws<ShapeException>(() => new NpyArray(new Shape(2, 2), new float[3])).Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.FullPath));
    }

    [Theory]
    [InlineData("<f4", 1)]
    [InlineData(">f8", 2)]
    [InlineData("|u1", 3)]
    public void Thousands_of_damaged_files_are_read_or_rejected_in_words(string descr, byte major) => Damage.AssertReadOrRejected(
        Npy(Header(descr, "(3, 4, 5)"), new byte[60 * (descr[2] - '0')], major), 7_000, stream => NpyFile.Read(stream, "x"));
}

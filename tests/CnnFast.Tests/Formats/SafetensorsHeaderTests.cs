using CnnFast.Files;

using static CnnFast.Tests.Formats.SafetensorsBytes;

namespace CnnFast.Tests.Formats;

public sealed class SafetensorsHeaderTests
{
    private static void AssertEntryRejected(string what, string entry, int dataLength = 8) =>
        AssertRejected($"'x': tensor 'w' {what}.", Of($$$"""{"w":{{{entry}}}}""", dataLength));

    [Fact]
    public void Keys_may_come_in_any_order_and_white_space_anywhere()
    {
        byte[] file = Of(
            """{ "w" : {"data_offsets":[ 0 , 8 ],"shape":[2,1],"dtype":"F32"} ,"__metadata__":{ },""" +
            """ "\u0061":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}   """,
            9);
        var read = SafetensorsFile.Read(new MemoryStream(file), "x");
        Assert.Equal(["w", "a"], read.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(new Shape(2, 1), read["w"].Shape);
        Assert.Equal(0, read["a"].Shape.Rank);
        Assert.Equal(1, read["a"].Bytes.Length);
        Assert.Empty(read.Metadata);
    }

    [Theory]
    [InlineData("[1]", "5B")]
    [InlineData(" {}", "20")]
    [InlineData("\uFEFF{}", "EF")]
    public void A_header_that_is_no_object_is_rejected(string header, string first) =>
        AssertRejected($"'x': the safetensors header starts with byte 0x{first}; expected '{{'.", Of(header, 0));

    [Fact]
    public void A_header_that_is_not_UTF8_is_rejected() =>
        AssertRejected("'x': the safetensors header is not valid UTF-8; expected JSON text.",
            Of([(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)'}'], 0));

    [Theory]
    [InlineData("{]")]
    [InlineData("{\"w\"")]
    [InlineData("{\"w\":}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",}}")]
    [InlineData("{,}")]
    [InlineData("{} {}")]
    [InlineData("{}\0")]
    [InlineData("{/**/}")]
    [InlineData("{\"w\":{\"dtype\":[[[[[[[[1]]]]]]]]}}")]
    public void A_header_that_is_not_JSON_is_rejected(string header)
    {
        byte[] file = Of(header, 0);
        string message = Assert.Throws<DataFormatException>(() => SafetensorsFile.Read(new MemoryStream(file), "x")).Message;
        Assert.Matches("^'x': (the safetensors header is not valid JSON near byte [0-9]+; expected one JSON object|the safetensors " +
            "header goes on after its JSON object; expected nothing but spaces|tensor 'w' has a 'dtype' that is an array; " +
            "expected a string)[.]$", message);
    }

    [Fact]
    public void A_tensor_that_comes_twice_is_rejected() => AssertRejected(
        "'x': the safetensors header has the key 'w' twice; expected every key once.",
        Of("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0077":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8));

    [Fact]
    public void Metadata_that_come_twice_are_rejected() => AssertRejected(
        "'x': the safetensors header has the key '__metadata__' twice; expected every key once.",
        Of("""{"__metadata__":{},"__metadata__":{}}""", 0));

    [Fact]
    public void A_metadata_key_that_comes_twice_is_rejected() => AssertRejected(
        "'x': the metadata has the key 'a' twice; expected every key once.", Of("""{"__metadata__":{"a":"1","b":"2","a":"1"}}""", 0));

    [Theory]
    [InlineData("1", "a number")]
    [InlineData("true", "a truth value")]
    [InlineData("null", "null")]
    [InlineData("[]", "an array")]
    [InlineData("{}", "an object")]
    public void Metadata_values_that_are_no_strings_are_rejected(string value, string found) => AssertRejected(
        $"'x': the metadata value of 'a' is {found}; expected a string.", Of($$$"""{"__metadata__":{"a":{{{value}}}}}""", 0));

    [Theory]
    [InlineData("w", "\"F32\"", "a string")]
    [InlineData("w", "[1]", "an array")]
    [InlineData("__metadata__", "null", "null")]
    public void A_key_without_an_object_is_rejected(string key, string value, string found) => AssertRejected(
        $"'x': the value of '{key}' in the safetensors header is {found}; expected an object.", Of($$$"""{"{{{key}}}":{{{value}}}}""", 0));

    [Theory]
    [InlineData("F33")]
    [InlineData("f32")]
    [InlineData("F4")]
    [InlineData("")]
    public void An_unknown_dtype_is_rejected_by_name(string dtype) => AssertEntryRejected(
        $"has the unknown dtype '{dtype}'; expected one such as F32, F16, BF16 or I64",
        $$"""{"dtype":"{{dtype}}","shape":[2],"data_offsets":[0,8]}""");

    [Theory]
    [InlineData("""{"shape":[2],"data_offsets":[0,8]}""", "dtype")]
    [InlineData("""{"dtype":"F32","data_offsets":[0,8]}""", "shape")]
    [InlineData("""{"dtype":"F32","shape":[2]}""", "data_offsets")]
    public void A_tensor_that_lacks_a_key_is_rejected(string entry, string key) =>
        AssertEntryRejected($"has no '{key}'; expected 'dtype', 'shape' and 'data_offsets'", entry);

    [Fact]
    public void A_tensor_with_another_key_is_rejected() => AssertEntryRejected(
        "has the key 'strides'; expected 'dtype', 'shape' and 'data_offsets' alone",
        """{"dtype":"F32","shape":[2],"strides":[1],"data_offsets":[0,8]}""");

    [Theory]
    [InlineData("dtype", "\"F32\"")]
    [InlineData("shape", "[2]")]
    [InlineData("data_offsets", "[0,8]")]
    public void A_key_that_comes_twice_in_a_tensor_is_rejected(string key, string value) => AssertEntryRejected(
        $"has the key '{key}' twice; expected every key once",
        $$$"""{"dtype":"F32","shape":[2],"data_offsets":[0,8],"{{{key}}}":{{{value}}}}""");

    [Fact]
    public void A_dtype_that_is_no_string_is_rejected() =>
        AssertEntryRejected("has a 'dtype' that is a number; expected a string", """{"dtype":32,"shape":[2],"data_offsets":[0,8]}""");

    [Fact]
    public void A_shape_that_is_no_array_is_rejected() =>
        AssertEntryRejected("has a 'shape' that is a number; expected an array", """{"dtype":"F32","shape":2,"data_offsets":[0,8]}""");

    [Theory]
    [InlineData("-2")]
    [InlineData("-0")]
    [InlineData("2.0")]
    [InlineData("2e0")]
    [InlineData("1.5")]
    [InlineData("18446744073709551616")]
    [InlineData("\"2\"")]
    [InlineData("null")]
    [InlineData("[2]")]
    public void A_dimension_that_is_no_whole_number_is_rejected(string dimension) => AssertEntryRejected(
        "has a 'shape' with an element that is not a whole number from 0 to 2^64 - 1; expected such numbers alone",
        $$"""{"dtype":"F32","shape":[{{dimension}}],"data_offsets":[0,8]}""");

    [Theory]
    [InlineData("2147483648")]
    [InlineData("65536, 65536")]
    [InlineData("4294967296, 4294967296")]
    [InlineData("18446744073709551615, 2")]
    [InlineData("3, 6148914691236517206")]
    public void A_shape_that_overflows_is_rejected(string shape) => AssertEntryRejected(
        $"has the shape [{shape}]; expected at most 2147483647 elements", $$"""{"dtype":"F32","shape":[{{shape}}],"data_offsets":[0,8]}""");

    [Fact]
    public void A_dimension_of_0_is_rejected() => AssertEntryRejected(
        "has the shape [2, 0]; expected every dimension to be at least 1", """{"dtype":"F32","shape":[2,0],"data_offsets":[0,0]}""", 0);

    [Fact]
    public void A_shape_of_33_dimensions_is_rejected() => AssertEntryRejected(
        "has a 'shape' of more than 32 numbers; expected at most 32",
        $$"""{"dtype":"F32","shape":[{{string.Join(",", Enumerable.Repeat(1, 33))}}],"data_offsets":[0,4]}""", 4);

    [Theory]
    [InlineData("[]", "has 0 'data_offsets'; expected 2, where its data begins and ends")]
    [InlineData("[8]", "has 1 'data_offsets'; expected 2, where its data begins and ends")]
    [InlineData("[0,4,8]", "has a 'data_offsets' of more than 2 numbers; expected at most 2")]
    [InlineData("[8,0]", "has data from byte 8 to 0; expected the end after the beginning, within the file")]
    [InlineData("[0,18446744073709551615]",
        "has data from byte 0 to 18446744073709551615; expected the end after the beginning, within the file")]
    [InlineData("[0,12]", "has 12 bytes, from 0 to 12; expected 8 for F32 of shape [2]")]
    [InlineData("[0,4]", "has 4 bytes, from 0 to 4; expected 8 for F32 of shape [2]")]
    public void A_range_that_cannot_be_is_rejected(string range, string what) =>
        AssertEntryRejected(what, $$$"""{"dtype":"F32","shape":[2],"data_offsets":{{{range}}}}""");

    [Theory]
    [InlineData("BOOL", 1)]
    [InlineData("U8", 1)]
    [InlineData("I8", 1)]
    [InlineData("F8_E5M2", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("I16", 2)]
    [InlineData("U16", 2)]
    [InlineData("F16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("I32", 4)]
    [InlineData("U32", 4)]
    [InlineData("F64", 8)]
    [InlineData("I64", 8)]
    [InlineData("U64", 8)]
    public void Another_dtype_is_checked_by_its_size_and_cannot_be_read_as_floats(string dtype, int size)
    {
        string Header(int end) => $$$"""{"w":{"dtype":"{{{dtype}}}","shape":[3],"data_offsets":[0,{{{end}}}]}}""";
        var file = SafetensorsFile.Read(new MemoryStream(Of(Header(3 * size), 3 * size)), "x");
        Assert.Equal(3 * size, file["w"].Bytes.Length);
        Assert.Equal((byte)(8 + Header(3 * size).Length), file["w"].Bytes[0]);
        Assert.Equal($"Tensor 'w' is of type {dtype}; expected F32, the only type that can be read as floats.",
            Assert.Throws<DataFormatException>(() => file["w"].Data).Message);
        AssertRejected(
            $"'x': tensor 'w' has {(3 * size) + 1} bytes, from 0 to {(3 * size) + 1}; expected {3 * size} for {dtype} of shape [3].",
            Of(Header((3 * size) + 1), (3 * size) + 1));
    }

    [Theory]
    [InlineData(4, 8, 12, 12, "'b' begins at byte 8 and leaves a gap after tensor 'a'; expected it to begin at byte 4")]
    [InlineData(8, 4, 8, 8, "'b' begins at byte 4 and overlaps tensor 'a'; expected it to begin at byte 8")]
    [InlineData(4, 0, 8, 8, "'b' begins at byte 0 and overlaps tensor 'a'; expected it to begin at byte 4")]
    public void Ranges_with_gaps_or_overlaps_are_rejected(int endOfA, int beginOfB, int endOfB, int dataLength, string what)
    {
        string header =
            $$$"""{"b":{"dtype":"F32","shape":[{{{(endOfB - beginOfB) / 4}}}],"data_offsets":[{{{beginOfB}}},{{{endOfB}}}]},""" +
            $$$""" "a":{"dtype":"F32","shape":[{{{endOfA / 4}}}],"data_offsets":[0,{{{endOfA}}}]}}""";
        AssertRejected($"'x': the data of tensor {what}.", Of(header, dataLength));
    }

    [Fact]
    public void Data_that_does_not_begin_at_0_is_rejected() => AssertRejected(
        "'x': the data of tensor 'w' begins at byte 4 and leaves a gap after the start of the data; expected it to begin at byte 0.",
        Of("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8));

    [Fact]
    public void Half_a_surrogate_pair_is_rejected() => AssertRejected(
        "'x': a key in the safetensors header is not valid Unicode; expected no lone surrogates.", Of("""{"\ud800":{}}""", 0));

    [Fact]
    public void Long_and_unprintable_names_are_cut_in_messages()
    {
        string name = "a\\n" + new string('b', 5000);
        byte[] file = Of($$"""{"{{name}}":1}""", 0);
        AssertRejected($"'x': the value of 'a\\u000A{new string('b', 78)}…' in the safetensors header is a number; expected an object.",
            file);
    }
}

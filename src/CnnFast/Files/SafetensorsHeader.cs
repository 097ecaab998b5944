using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace CnnFast.Files;

/// <summary>Parses the JSON header of a safetensors file and checks what it says about the data.</summary>
internal static class SafetensorsHeader
{
    /// <summary>The key of the texts that belong to the file as a whole.</summary>
    public const string MetadataKey = "__metadata__";

    private const int MaxRank = 32;

    /// <summary>Parses a header.</summary>
    /// <exception cref="DataFormatException">It is not a header of the format.</exception>
    public static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(ReadOnlySpan<byte> header, string file)
    {
        if (header[0] != (byte)'{')
            throw new DataFormatException($"'{file}': the safetensors header starts with byte 0x{header[0]:X2}; expected '{{'.");
        if (!Utf8.IsValid(header))
            throw new DataFormatException($"'{file}': the safetensors header is not valid UTF-8; expected JSON text.");

        var reader = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            return ParseObject(ref reader, file);
        }
        catch (JsonException failure)
        {
            throw new DataFormatException(
                $"'{file}': the safetensors header is not valid JSON near byte {failure.BytePositionInLine}; expected one JSON object.",
                failure);
        }
    }

    /// <summary>
    /// Puts the entries in the order of their data and makes sure that their ranges follow each other from 0 without gap or overlap.
    /// </summary>
    /// <returns>The length of the data, in bytes.</returns>
    /// <exception cref="DataFormatException">The ranges do not tile the data.</exception>
    public static long CheckTiling(List<SafetensorsEntry> entries, string file)
    {
        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long end = 0;
        string before = "the start of the data";
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != end)
            {
                string what = entry.Begin < end ? "overlaps" : "leaves a gap after";
                throw new DataFormatException($"'{file}': the data of tensor {Excerpt.Of(entry.Name)} begins at byte {entry.Begin} and " +
                    $"{what} {before}; expected it to begin at byte {end}.");
            }

            end = entry.End;
            before = $"tensor {Excerpt.Of(entry.Name)}";
        }

        return end;
    }

    private static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) ParseObject(ref Utf8JsonReader reader, string file)
    {
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = Text(ref reader, file, "a key");
            if (!names.Add(name))
                throw new DataFormatException(
                    $"'{file}': the safetensors header has the key {Excerpt.Of(name)} twice; expected every key once.");
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new DataFormatException($"'{file}': the value of {Excerpt.Of(name)} in the safetensors header is " +
                    $"{Describe(reader.TokenType)}; expected an object.");
            if (name == MetadataKey)
                ParseMetadata(ref reader, file, metadata);
            else
                entries.Add(ParseEntry(ref reader, file, name));
        }

        if (reader.Read())
            throw new DataFormatException($"'{file}': the safetensors header goes on after its JSON object; expected nothing but spaces.");
        return (entries, metadata);
    }

    private static void ParseMetadata(ref Utf8JsonReader reader, string file, Dictionary<string, string> metadata)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string key = Text(ref reader, file, $"a key of {MetadataKey}");
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw new DataFormatException(
                    $"'{file}': the metadata value of {Excerpt.Of(key)} is {Describe(reader.TokenType)}; expected a string.");
            if (!metadata.TryAdd(key, Text(ref reader, file, $"the metadata value of {Excerpt.Of(key)}")))
                throw new DataFormatException($"'{file}': the metadata has the key {Excerpt.Of(key)} twice; expected every key once.");
        }
    }

    private static SafetensorsEntry ParseEntry(ref Utf8JsonReader reader, string file, string name)
    {
        SafetensorsDType? dtype = null;
        Shape? shape = null;
        (long Begin, long End)? range = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string key = Text(ref reader, file, $"a key of tensor {Excerpt.Of(name)}");
            if (key switch { "dtype" => dtype is not null, "shape" => shape is not null, "data_offsets" => range is not null, _ => false })
                throw Error(file, name, $"has the key '{key}' twice; expected every key once");
            reader.Read();
            switch (key)
            {
                case "dtype":
                    dtype = ParseDType(ref reader, file, name);
                    break;
                case "shape":
                    shape = ParseShape(ref reader, file, name);
                    break;
                case "data_offsets":
                    range = ParseRange(ref reader, file, name);
                    break;
                default:
                    throw Error(file, name, $"has the key {Excerpt.Of(key)}; expected 'dtype', 'shape' and 'data_offsets' alone");
            }
        }

        if (dtype is null || shape is null || range is null)
            throw Error(file, name, $"has no '{(dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets")}'; expected 'dtype', " +
                "'shape' and 'data_offsets'");
        long length = (long)shape.Value.ElementCount * SafetensorsDTypes.SizeOf(dtype.Value);
        if (range.Value.End - range.Value.Begin != length)
            throw Error(file, name, $"has {range.Value.End - range.Value.Begin} bytes, from {range.Value.Begin} to {range.Value.End}; " +
                $"expected {length} for {SafetensorsDTypes.NameOf(dtype.Value)} of shape {shape.Value}");
        return new SafetensorsEntry(name, dtype.Value, shape.Value, range.Value.Begin, range.Value.End);
    }

    private static SafetensorsDType ParseDType(ref Utf8JsonReader reader, string file, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw Error(file, name, $"has a 'dtype' that is {Describe(reader.TokenType)}; expected a string");
        string dtype = Text(ref reader, file, $"the dtype of tensor {Excerpt.Of(name)}");
        return SafetensorsDTypes.Parse(dtype)
            ?? throw Error(file, name, $"has the unknown dtype {Excerpt.Of(dtype)}; expected one such as F32, F16, BF16 or I64");
    }

    private static Shape ParseShape(ref Utf8JsonReader reader, string file, string name)
    {
        List<ulong> numbers = ParseNumbers(ref reader, file, name, "shape", MaxRank);
        Span<int> dimensions = stackalloc int[numbers.Count];
        ulong count = 1;
        for (int i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] == 0)
                throw Error(file, name, $"has the shape [{string.Join(", ", numbers)}]; expected every dimension to be at least 1");
            if (numbers[i] > int.MaxValue / count)
                throw Error(file, name, $"has the shape [{string.Join(", ", numbers)}]; expected at most {int.MaxValue} elements");
            dimensions[i] = (int)numbers[i];
            count *= numbers[i];
        }

        return new Shape(dimensions);
    }

    private static (long Begin, long End) ParseRange(ref Utf8JsonReader reader, string file, string name)
    {
        ReadOnlySpan<ulong> numbers = CollectionsMarshal.AsSpan(ParseNumbers(ref reader, file, name, "data_offsets", 2));
        if (numbers.Length != 2)
            throw Error(file, name, $"has {numbers.Length} 'data_offsets'; expected 2, where its data begins and ends");
        if (numbers[0] > numbers[1] || numbers[1] > long.MaxValue)
            throw Error(file, name,
                $"has data from byte {numbers[0]} to {numbers[1]}; expected the end after the beginning, within the file");
        return ((long)numbers[0], (long)numbers[1]);
    }

    private static List<ulong> ParseNumbers(ref Utf8JsonReader reader, string file, string name, string key, int limit)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Error(file, name, $"has a '{key}' that is {Describe(reader.TokenType)}; expected an array");
        var numbers = new List<ulong>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetUInt64(out ulong number))
                throw Error(file, name,
                    $"has a '{key}' with an element that is not a whole number from 0 to 2^64 - 1; expected such numbers alone");
            if (numbers.Count == limit)
                throw Error(file, name, $"has a '{key}' of more than {limit} numbers; expected at most {limit}");
            numbers.Add(number);
        }

        return numbers;
    }

    private static string Text(ref Utf8JsonReader reader, string file, string what)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException failure)
        {
            throw new DataFormatException($"'{file}': {what} in the safetensors header is not valid Unicode; expected no lone surrogates.",
                failure);
        }
    }

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a truth value",
        _ => "null",
    };

    private static DataFormatException Error(string file, string name, string what) => new($"'{file}': tensor {Excerpt.Of(name)} {what}.");
}

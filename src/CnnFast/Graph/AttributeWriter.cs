using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>Attributes as model files spell them.</summary>
internal static class AttributeWriter
{
    /// <summary>The attributes of an operation as one JSON object.</summary>
    public static string Text(Operation? operation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            operation?.WriteAttributes(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void WritePair(this Utf8JsonWriter json, string name, int h, int w)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(h);
        json.WriteNumberValue(w);
        json.WriteEndArray();
    }

    public static void WriteNumbers(this Utf8JsonWriter json, string name, IReadOnlyList<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    public static void WriteNumbers(this Utf8JsonWriter json, string name, ReadOnlySpan<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    /// <summary>Writes a number that need not be finite: infinities and NaN as texts.</summary>
    public static void WriteFloat(this Utf8JsonWriter json, string name, float number)
    {
        json.WritePropertyName(name);
        json.WriteFloatValue(number);
    }

    public static void WriteFloats(this Utf8JsonWriter json, string name, IReadOnlyList<float> numbers)
    {
        json.WriteStartArray(name);
        foreach (float number in numbers)
            json.WriteFloatValue(number);
        json.WriteEndArray();
    }

    public static void WritePadding(this Utf8JsonWriter json, string name, Padding padding)
    {
        if (padding.Mode != PaddingMode.Explicit)
        {
            json.WriteString(name, padding.Mode.ToString());
            return;
        }

        json.WriteStartArray(name);
        foreach (int side in (ReadOnlySpan<int>)[padding.Top, padding.Left, padding.Bottom, padding.Right])
            json.WriteNumberValue(side);
        json.WriteEndArray();
    }

    private static void WriteFloatValue(this Utf8JsonWriter json, float number)
    {
        if (float.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }
}

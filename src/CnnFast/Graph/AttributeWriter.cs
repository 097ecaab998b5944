using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>Attributes as model files spell them.</summary>
internal static class AttributeWriter
{
    public static void WritePair(this Utf8JsonWriter json, string name, int h, int w)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(h);
        json.WriteNumberValue(w);
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
}

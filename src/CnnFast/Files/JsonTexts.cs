using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CnnFast.Files;

/// <summary>Lists of texts in the metadata of files: one JSON array of strings.</summary>
internal static class JsonTexts
{
    /// <summary>Writes a list.</summary>
    public static string Write(IReadOnlyList<string> texts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (string text in texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a list.</summary>
    /// <param name="who">Starts the sentence.</param>
    /// <param name="text">The JSON.</param>
    /// <exception cref="ModelFormatException">It is no list of texts.</exception>
    public static IReadOnlyList<string> Read(string who, string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 2 });
            if (document.RootElement.ValueKind == JsonValueKind.Array &&
                document.RootElement.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String))
            {
                return [.. document.RootElement.EnumerateArray().Select(element => element.GetString()!)];
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException($"{who} is not valid JSON");
        }

        throw new ModelFormatException($"{who} is {Excerpt.Of(text)}; expected a list of texts");
    }
}

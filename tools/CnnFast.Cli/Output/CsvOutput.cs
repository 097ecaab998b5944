using System.Text;
using System.Text.Json;

namespace CnnFast.Cli;

/// <summary>The JSON result of a command as comma-separated values (RFC 4180): the same names, the same numbers.</summary>
internal static class CsvOutput
{
    /// <summary>Rows of the first member that is there and holds objects, else one row of what is no list.</summary>
    /// <param name="output">Where the lines go.</param>
    /// <param name="json">One JSON object.</param>
    /// <param name="rows">The members that may be the rows, best first.</param>
    public static void Write(TextWriter output, string json, IReadOnlyList<string> rows)
    {
        // What is no JSON has one form alone.
        if (!json.AsSpan().TrimStart().StartsWith("{"))
        {
            output.Write(json);
            return;
        }

        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement[] items = [document.RootElement];
        foreach (string member in rows)
        {
            if (document.RootElement.TryGetProperty(member, out JsonElement list) && list.GetArrayLength() > 0)
            {
                items = [.. list.EnumerateArray()];
                break;
            }
        }

        string[] names = [.. items.SelectMany(item => item.EnumerateObject()).Where(IsCell).Select(member => member.Name).Distinct()];
        output.WriteLine(string.Join(',', names.Select(Quoted)));
        foreach (JsonElement item in items)
            output.WriteLine(string.Join(',',
                names.Select(name => item.TryGetProperty(name, out JsonElement value) ? Quoted(Text(value)) : "")));
    }

    private static bool IsCell(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Object => false,
        JsonValueKind.Array => member.Value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.Number or JsonValueKind.String),
        _ => true,
    };

    // Lists of names and shapes are one cell.
    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(Text)),
        JsonValueKind.Null or JsonValueKind.Object => "",
        _ => value.GetRawText(),
    };

    private static string Quoted(string text)
    {
        if (!text.AsSpan().ContainsAny(",\"\r\n"))
            return text;
        return new StringBuilder(text).Replace("\"", "\"\"").Insert(0, '"').Append('"').ToString();
    }
}

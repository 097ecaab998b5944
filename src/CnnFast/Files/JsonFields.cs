using System.Text.Json;
using CnnFast.Graphs;

namespace CnnFast.Files;

/// <summary>The members of a JSON object that must have certain types.</summary>
internal readonly struct JsonFields
{
    private readonly string _who;

    /// <exception cref="ModelFormatException">The element is no object.</exception>
    public JsonFields(string who, JsonElement element)
    {
        _who = who;
        Element = element.ValueKind == JsonValueKind.Object ? element : throw new ModelFormatException($"{who} is no JSON object");
    }

    public JsonElement Element { get; }

    /// <exception cref="ModelFormatException">The object has a member of another name, or two of one name.</exception>
    public JsonFields RequireOnly(params ReadOnlySpan<string> names)
    {
        var seen = new HashSet<string>();
        foreach (JsonProperty property in Element.EnumerateObject())
        {
            if (!names.Contains(property.Name))
                throw new ModelFormatException(
                    $"{_who} has the unknown member {Excerpt.Of(property.Name)}; expected none but {string.Join(", ", names)}");
            if (!seen.Add(property.Name))
                throw new ModelFormatException($"{_who} has the member '{property.Name}' twice; expected it once");
        }

        return this;
    }

    public bool Has(string name) => Element.TryGetProperty(name, out _);

    public string? OptionalString(string name) => Element.TryGetProperty(name, out _) ? String(name) : null;

    public string String(string name) => Get(name, JsonValueKind.String, "a string").GetString()!;

    public JsonFields Object(string name) => new($"'{name}' of {_who}", Get(name, JsonValueKind.Object, "an object"));

    public JsonElement Array(string name) => Get(name, JsonValueKind.Array, "an array");

    public List<string> Strings(string name)
    {
        var strings = new List<string>();
        foreach (JsonElement item in Array(name).EnumerateArray())
            strings.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(name, "strings"));
        return strings;
    }

    public int[] Integers(string name)
    {
        var numbers = new List<int>();
        foreach (JsonElement item in Array(name).EnumerateArray())
            numbers.Add(item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int number)
                ? number
                : throw Wrong(name, "whole numbers"));
        return [.. numbers];
    }

    private JsonElement Get(string name, JsonValueKind kind, string expected) =>
        Element.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind ? value : throw Wrong(name, expected);

    private ModelFormatException Wrong(string name, string expected) => new($"'{name}' of {_who} is missing or not {expected}");
}

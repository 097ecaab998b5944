using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>Reads the attributes of one node from a model file and counts them, so that none goes unnoticed.</summary>
/// <param name="who">The node, for error messages.</param>
/// <param name="attributes">The JSON object.</param>
internal sealed class AttributeReader(string who, JsonElement attributes)
{
    private readonly HashSet<string> _read = [];

    /// <summary>The node, for error messages.</summary>
    public string Who => who;

    public int Int32(string name)
    {
        JsonElement value = Get(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Wrong(name, "a whole number");
    }

    public float Single(string name)
    {
        JsonElement value = Get(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) ? number : throw Wrong(name, "a number");
    }

    public long Int64(string name)
    {
        JsonElement value = Get(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : throw Wrong(name, "a whole number");
    }

    /// <summary>A number that need not be finite.</summary>
    public float Number(string name) => FloatOf(Get(name)) ?? throw Wrong(name, "a number, Infinity, -Infinity or NaN");

    /// <summary>A list of numbers that need not be finite.</summary>
    public float[] Numbers(string name)
    {
        JsonElement value = Get(name);
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong(name, "numbers");
        return [.. value.EnumerateArray().Select(item => FloatOf(item) ?? throw Wrong(name, "numbers"))];
    }

    public string Text(string name) =>
        Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Wrong(name, "a text");

    /// <summary>The attributes of an operation inside this one.</summary>
    public AttributeReader Object(string name) =>
        Get(name) is { ValueKind: JsonValueKind.Object } value ? new AttributeReader(who, value) : throw Wrong(name, "an object");

    /// <summary>Whether an attribute that may be left out is there.</summary>
    public bool Has(string name) => attributes.TryGetProperty(name, out _);

    public bool Boolean(string name) => Get(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false"),
    };

    public (int H, int W) Pair(string name)
    {
        int[] values = Integers(name, 2);
        return (values[0], values[1]);
    }

    public Activation Activation(string name) => Choice<Activation>(name);

    /// <summary>A member of an enumeration by its name.</summary>
    public T Choice<T>(string name)
        where T : struct, Enum
        => ChoiceOf<T>(who, name, Get(name));

    /// <summary>A member of an enumeration, by its name, from a field of that name.</summary>
    public static T ChoiceOf<T>(string who, string name, JsonElement field)
        where T : struct, Enum
    {
        string? text = field.ValueKind == JsonValueKind.String ? field.GetString() : null;
        foreach (T value in Enum.GetValues<T>())
        {
            if (value.ToString() == text)
                return value;
        }

        throw Wrong(who, name, field, "one of " + string.Join(", ", Enum.GetNames<T>()));
    }

    /// <summary>A list of <paramref name="fewest"/> to <paramref name="most"/> whole numbers.</summary>
    public int[] List(string name, int most = int.MaxValue, int fewest = 1)
    {
        JsonElement value = Get(name);
        int count = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : -1;
        return count >= fewest && count <= most ? Integers(name, count) : throw Wrong(name, $"{fewest} to {most} whole numbers");
    }

    public Padding Padding(string name)
    {
        JsonElement value = Get(name);
        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString() switch
            {
                "Valid" => CnnFast.Padding.Valid,
                "Same" => CnnFast.Padding.Same,
                _ => throw Wrong(name, "Valid, Same or [top, left, bottom, right]"),
            };
        }

        int[] sides = Sides(name);
        return CnnFast.Padding.Explicit(sides[0], sides[1], sides[2], sides[3]);
    }

    /// <summary>Throws when the object holds an attribute that nobody read, or one twice.</summary>
    public void RequireAllRead()
    {
        var seen = new HashSet<string>();
        foreach (JsonProperty property in attributes.EnumerateObject())
        {
            if (!_read.Contains(property.Name))
                throw new ModelFormatException($"{who}: the attribute '{property.Name}' is unknown");
            if (!seen.Add(property.Name))
                throw new ModelFormatException($"{who}: the attribute '{property.Name}' is given twice; expected it once");
        }
    }

    /// <summary>Four whole numbers: top, left, bottom, right.</summary>
    public int[] Sides(string name) => Integers(name, 4);

    private int[] Integers(string name, int count)
    {
        JsonElement value = Get(name);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != count)
            throw Wrong(name, $"{count} whole numbers");
        var numbers = new int[count];
        int next = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out numbers[next++]))
                throw Wrong(name, $"{count} whole numbers");
        }

        return numbers;
    }

    private static float? FloatOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number))
            return number;
        return value.ValueKind != JsonValueKind.String ? null : value.GetString() switch
        {
            "Infinity" => float.PositiveInfinity,
            "-Infinity" => float.NegativeInfinity,
            "NaN" => float.NaN,
            _ => null,
        };
    }

    private JsonElement Get(string name)
    {
        _read.Add(name);
        return attributes.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new ModelFormatException($"{who}: the attribute '{name}' is missing");
    }

    private ModelFormatException Wrong(string name, string expected) => Wrong(who, name, attributes.GetProperty(name), expected);

    private static ModelFormatException Wrong(string who, string name, JsonElement field, string expected)
    {
        string text = field.GetRawText();
        return new ModelFormatException(
            $"{who}: the attribute '{name}' is {(text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…"))}; expected {expected}");
    }
}

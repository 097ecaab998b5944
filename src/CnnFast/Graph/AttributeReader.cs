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
    {
        string? text = Get(name).ValueKind == JsonValueKind.String ? Get(name).GetString() : null;
        foreach (T value in Enum.GetValues<T>())
        {
            if (value.ToString() == text)
                return value;
        }

        throw Wrong(name, "one of " + string.Join(", ", Enum.GetNames<T>()));
    }

    /// <summary>A list of 1 to <paramref name="most"/> whole numbers.</summary>
    public int[] List(string name, int most)
    {
        JsonElement value = Get(name);
        int count = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : 0;
        return count >= 1 && count <= most ? Integers(name, count) : throw Wrong(name, $"1 to {most} whole numbers");
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
        for (int i = 0; i < count; i++)
        {
            if (value[i].ValueKind != JsonValueKind.Number || !value[i].TryGetInt32(out numbers[i]))
                throw Wrong(name, $"{count} whole numbers");
        }

        return numbers;
    }

    private JsonElement Get(string name)
    {
        _read.Add(name);
        return attributes.TryGetProperty(name, out JsonElement value) ? value : throw new ModelFormatException($"{who}: the attribute '{name}' is missing");
    }

    private ModelFormatException Wrong(string name, string expected)
    {
        string text = attributes.GetProperty(name).GetRawText();
        return new ModelFormatException($"{who}: the attribute '{name}' is {(text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…"))}; expected {expected}");
    }
}

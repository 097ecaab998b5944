using System.Buffers;
using System.Text;
using System.Text.Json;
using CnnFast.Graphs;

namespace CnnFast.Formats;

/// <summary>The architecture of a model as JSON: input, nodes in the order in which they run, output.</summary>
internal static class ModelArchitecture
{
    // Nodes hold attributes, attributes hold arrays of numbers: nothing is deeper.
    private const int MaxDepth = 8;
    private const int MaxNodes = 100_000;

    /// <summary>Writes the architecture.</summary>
    public static string Write(Model model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (model.Name is not null)
                json.WriteString("name", model.Name);
            json.WriteStartObject("input");
            json.WriteString("name", model.Graph.Inputs[0].Name);
            json.WriteStartArray("shape");
            foreach (int dimension in model.InputShape.Dimensions)
                json.WriteNumberValue(dimension);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray("nodes");
            foreach (Node node in model.Graph.Nodes)
                WriteNode(json, node);
            json.WriteEndArray();
            json.WriteString("output", model.Graph.Outputs[0].Name);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads an architecture into a builder whose parameters are described but not yet created.</summary>
    /// <exception cref="ModelFormatException">The JSON is no architecture.</exception>
    /// <exception cref="ArgumentException">Options or shapes do not fit.</exception>
    public static (GraphBuilder Builder, ValueInfo Output, string? Name) Read(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(new JsonFields("the architecture", document.RootElement).RequireOnly("name", "input", "nodes", "output"));
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"the architecture is not valid JSON of at most {MaxDepth} levels (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})");
        }
        catch (InvalidOperationException)
        {
            throw new ModelFormatException("the architecture holds a string that is no valid Unicode");
        }
    }

    private static (GraphBuilder Builder, ValueInfo Output, string? Name) Read(JsonFields root)
    {
        string? name = root.OptionalString("name");
        if (name is not null)
            LayerName.Check("Model", name);
        JsonFields input = root.Object("input").RequireOnly("name", "shape");
        JsonElement nodes = root.Array("nodes");
        if (nodes.GetArrayLength() is 0 or > MaxNodes)
            throw new ModelFormatException($"the architecture has {nodes.GetArrayLength()} nodes; expected 1 to {MaxNodes}");

        var builder = new GraphBuilder([]);
        var shape = new Shape(input.Integers("shape"));
        if (shape.Rank == 0)
            throw new ModelFormatException("the input of the architecture has no dimension; expected at least one");
        ValueInfo value = builder.AddInput(shape, input.String("name"));
        var values = new Dictionary<string, ValueInfo> { [value.Name] = value };
        var unread = new HashSet<string>();
        foreach (JsonElement element in nodes.EnumerateArray())
        {
            JsonFields node = new JsonFields($"node {values.Count} of the architecture", element).RequireOnly("name", "kind", "inputs", "attributes");
            value = ReadNode(builder, node, values);
            values.Add(value.Name, value);
            unread.ExceptWith(node.Strings("inputs"));
            unread.Add(value.Name);
        }

        ValueInfo output = Find(values, root.String("output"), "the architecture");
        RequireAllNeeded(output, value, unread);
        return (builder, output, name);
    }

    // Nodes read earlier ones only: where every node but the last is read by a later one, all lead to the last.
    private static void RequireAllNeeded(ValueInfo output, ValueInfo last, HashSet<string> unread)
    {
        if (output.Id != last.Id)
            throw new ModelFormatException($"the output of the architecture is '{output.Name}', but layers follow it; expected the last layer, '{last.Name}'");
        unread.Remove(output.Name);
        if (unread.Count > 0)
            throw new ModelFormatException($"the output '{output.Name}' of the architecture does not need the layer '{unread.Min(StringComparer.Ordinal)}'; expected only layers that lead to the output");
    }

    private static ValueInfo ReadNode(GraphBuilder builder, JsonFields node, Dictionary<string, ValueInfo> values)
    {
        string name = node.String("name");
        string kind = node.String("kind");
        LayerName.Check("Layer", name);
        string who = $"{Excerpt.Of(kind)} '{name}'";
        Operation operation = OperationRegistry.Create(kind, new AttributeReader(who, node.Object("attributes").Element))
            ?? throw new ModelFormatException($"layer '{name}' is of the unknown kind {Excerpt.Of(kind)}; expected one of {string.Join(", ", OperationRegistry.Kinds)}");
        return builder.Add(operation, [.. node.Strings("inputs").Select(input => Find(values, input, who))], name);
    }

    private static ValueInfo Find(Dictionary<string, ValueInfo> values, string name, string who) => values.TryGetValue(name, out ValueInfo? value)
        ? value
        : throw new ModelFormatException($"{who}: there is no layer {Excerpt.Of(name)} before it; expected layers in the order in which they run");

    private static void WriteNode(Utf8JsonWriter json, Node node)
    {
        json.WriteStartObject();
        json.WriteString("name", node.Name);
        json.WriteString("kind", node.Operation.Kind);
        json.WriteStartArray("inputs");
        foreach (ValueInfo input in node.Inputs)
            json.WriteStringValue(input.Name);
        json.WriteEndArray();
        json.WriteStartObject("attributes");
        node.Operation.WriteAttributes(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

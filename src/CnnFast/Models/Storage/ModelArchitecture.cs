using System.Buffers;
using System.Text;
using System.Text.Json;
using CnnFast.Files;
using CnnFast.Graphs;

namespace CnnFast.Storage;

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
            if (NeedsLists(model))
            {
                json.WriteStartArray("inputs");
                foreach (ValueInfo input in model.Graph.Inputs)
                    WriteInput(json, input);
                json.WriteEndArray();
            }
            else
            {
                json.WritePropertyName("input");
                WriteInput(json, model.Graph.Inputs[0]);
            }

            json.WriteStartArray("nodes");
            var holders = new Dictionary<Parameter, string>();
            foreach (Node node in model.Graph.Nodes)
                WriteNode(json, node, holders);
            json.WriteEndArray();
            if (NeedsLists(model))
            {
                json.WriteStartArray("outputs");
                foreach (TensorInfo output in model.Outputs)
                    json.WriteStringValue(output.Name);
                json.WriteEndArray();
            }
            else
            {
                json.WriteString("output", model.Outputs[0].Name);
            }

            WriteImages(json, model.Graph);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Whether layers share parameters, which readers of format versions 1 to 3 do not know.</summary>
    public static bool Shares(Model model)
    {
        var seen = new HashSet<Parameter>();
        return model.Graph.Nodes.SelectMany(node => node.Parameters).Any(parameter => !seen.Add(parameter));
    }

    /// <summary>Whether the architecture needs lists of inputs and outputs, which readers of format version 1 do not know.</summary>
    public static bool NeedsLists(Model model) => model.Inputs.Count != 1 || model.Outputs.Count != 1;

    /// <summary>
    /// Whether the architecture holds what only imported models have, which readers of format versions 1 and 2 do not know.
    /// </summary>
    public static bool IsImported(Model model) =>
        model.Graph.Nodes.Any(node => OperationRegistry.IsImported(node.Operation))
        || model.Graph.Inputs.Concat(model.Graph.Outputs)
            .Any(value => value.IsWhole || value.Type != ElementType.Float32 || value.Images != ImageOrder.ChannelsLast);

    /// <summary>Whether the architecture holds what readers of format versions 1 to 3 do not know.</summary>
    public static bool IsOfVersion4(Model model) => model.Graph.Nodes.Any(node => OperationRegistry.IsOfVersion4(node.Operation));

    /// <summary>Reads an architecture into a builder whose parameters are described but not yet created.</summary>
    /// <exception cref="ModelFormatException">The JSON is no architecture.</exception>
    /// <exception cref="ArgumentException">Options or shapes do not fit.</exception>
    public static (GraphBuilder Builder, IReadOnlyList<ValueInfo> Outputs, string? Name) Read(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = new JsonFields("the architecture", document.RootElement);
            return Read(root.Has("inputs")
                ? root.RequireOnly("name", "inputs", "nodes", "outputs", "images")
                : root.RequireOnly("name", "input", "nodes", "output", "images"));
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"the architecture is not valid JSON of at most {MaxDepth} levels (line {e.LineNumber + 1}, " +
                $"byte {e.BytePositionInLine + 1})");
        }
        catch (InvalidOperationException)
        {
            throw new ModelFormatException("the architecture holds a string that is no valid Unicode");
        }
    }

    private static (GraphBuilder Builder, IReadOnlyList<ValueInfo> Outputs, string? Name) Read(JsonFields root)
    {
        string? name = root.OptionalString("name");
        if (name is not null)
            LayerName.Check("Model", name);
        JsonFields[] inputs = [.. InputsOf(root)];
        JsonElement nodes = root.Array("nodes");
        if (nodes.GetArrayLength() is 0 or > MaxNodes)
            throw new ModelFormatException($"the architecture has {nodes.GetArrayLength()} nodes; expected 1 to {MaxNodes}");

        var builder = new GraphBuilder([]);
        var values = new Dictionary<string, ValueInfo>();
        foreach (JsonFields input in inputs)
        {
            ValueInfo added = ReadInput(builder, input);
            values.Add(added.Name, added);
        }

        var unread = new HashSet<string>();
        foreach (JsonElement element in nodes.EnumerateArray())
        {
            JsonFields node = new JsonFields($"node {values.Count} of the architecture", element)
                .RequireOnly("name", "kind", "inputs", "attributes", "shares");
            ValueInfo value = ReadNode(builder, node, values);
            values.Add(value.Name, value);
            unread.ExceptWith(node.Strings("inputs"));
            unread.Add(value.Name);
        }

        ValueInfo[] outputs = [.. OutputsOf(root).Select(output => Find(values, output, "the architecture"))];
        RequireAllNeeded(outputs, unread);
        HashSet<string> ends = [.. inputs.Select(input => input.String("name")), .. outputs.Select(output => output.Name)];
        IReadOnlyDictionary<string, ImageOrder> images = ImagesOf(root, ends);
        builder.SetImages(images);
        return (builder, [.. outputs.Select(output => output with { Images = images.GetValueOrDefault(output.Name) })], name);
    }

    private static IEnumerable<JsonFields> InputsOf(JsonFields root)
    {
        if (!root.Has("inputs"))
            return [root.Object("input").RequireOnly("name", "shape", "type", "whole")];
        JsonElement inputs = root.Array("inputs");
        if (inputs.GetArrayLength() > MaxNodes)
            throw new ModelFormatException($"the architecture has {inputs.GetArrayLength()} inputs; expected at most {MaxNodes}");
        return inputs.EnumerateArray().Select((input, index) =>
            new JsonFields($"input {index + 1} of the architecture", input).RequireOnly("name", "shape", "type", "whole"));
    }

    private static Dictionary<string, ImageOrder> ImagesOf(JsonFields root, HashSet<string> ends)
    {
        var images = new Dictionary<string, ImageOrder>(StringComparer.Ordinal);
        if (!root.Has("images"))
            return images;
        JsonFields described = root.Object("images");
        const string Who = "'images' of the architecture";
        foreach (JsonProperty property in described.Element.EnumerateObject())
        {
            if (!ends.Contains(property.Name))
                throw new ModelFormatException($"{Who} names {Excerpt.Of(property.Name)}; expected inputs and outputs");
            if (!images.TryAdd(property.Name, AttributeReader.ChoiceOf<ImageOrder>(Who, property.Name, property.Value)))
                throw new ModelFormatException($"{Who} names {Excerpt.Of(property.Name)} twice");
        }

        return images;
    }

    private static void WriteImages(Utf8JsonWriter json, Graph graph)
    {
        ValueInfo[] ordered = [.. graph.Inputs.Concat(graph.Outputs)
            .Where(value => value.Images != ImageOrder.ChannelsLast)
            .DistinctBy(value => value.Name)];
        if (ordered.Length == 0)
            return;
        json.WriteStartObject("images");
        foreach (ValueInfo value in ordered)
            json.WriteString(value.Name, value.Images.ToString());
        json.WriteEndObject();
    }

    private static ValueInfo ReadInput(GraphBuilder builder, JsonFields input)
    {
        var shape = new Shape(input.Integers("shape"));
        var attributes = new AttributeReader("an input of the architecture", input.Element);
        ElementType type = input.Has("type") ? attributes.Choice<ElementType>("type") : ElementType.Float32;
        return shape.Rank is > 0 and <= TensorOperation.MaxRank
            ? builder.AddInput(shape, input.String("name"), type, input.Has("whole") && attributes.Boolean("whole"))
            : throw new ModelFormatException("the input of the architecture has " +
                $"{(shape.Rank == 0 ? "no dimension" : $"{shape.Rank} dimensions")}; " +
                $"expected at least one and at most {TensorOperation.MaxRank}");
    }

    private static IReadOnlyList<string> OutputsOf(JsonFields root)
    {
        if (!root.Has("outputs"))
            return [root.String("output")];
        IReadOnlyList<string> outputs = [.. root.Strings("outputs")];
        return outputs.Count > 0 && outputs.Distinct().Count() == outputs.Count
            ? outputs
            : throw new ModelFormatException("the outputs of the architecture are none or hold one twice; expected different ones");
    }

    // Nodes read earlier ones only: where every node that is no output is read by a later one, all lead to outputs.
    private static void RequireAllNeeded(ValueInfo[] outputs, HashSet<string> unread)
    {
        unread.ExceptWith(outputs.Select(output => output.Name));
        if (unread.Count > 0)
            throw new ModelFormatException($"{(outputs.Length == 1 ? $"the output '{outputs[0].Name}'" : "no output")} of the " +
                $"architecture {(outputs.Length == 1 ? "does not need" : "needs")} the layer '{unread.Min(StringComparer.Ordinal)}'; " +
                $"expected only layers that lead to {(outputs.Length == 1 ? "the output" : "an output")}");
    }

    private static void WriteInput(Utf8JsonWriter json, ValueInfo input)
    {
        json.WriteStartObject();
        json.WriteString("name", input.Name);
        json.WriteNumbers("shape", input.Shape.Dimensions);
        if (input.Type != ElementType.Float32)
            json.WriteString("type", input.Type.ToString());
        if (input.IsWhole)
            json.WriteBoolean("whole", true);
        json.WriteEndObject();
    }

    private static ValueInfo ReadNode(GraphBuilder builder, JsonFields node, Dictionary<string, ValueInfo> values)
    {
        string name = node.String("name");
        string kind = node.String("kind");
        LayerName.Check("Layer", name);
        string who = $"{Excerpt.Of(kind)} '{name}'";
        Operation operation = OperationRegistry.Create(kind, new AttributeReader(who, node.Object("attributes").Element))
            ?? throw new ModelFormatException(
                $"layer '{name}' is of the unknown kind {Excerpt.Of(kind)}; expected one of {string.Join(", ", OperationRegistry.Kinds)}");
        return builder.Add(operation, [.. node.Strings("inputs").Select(input => Find(values, input, who))], name,
            shared: node.OptionalString("shares"));
    }

    private static ValueInfo Find(Dictionary<string, ValueInfo> values, string name, string who) => values.TryGetValue(name,
        out ValueInfo? value)
        ? value
        : throw new ModelFormatException(
            $"{who}: there is no layer {Excerpt.Of(name)} before it; expected layers in the order in which they run");

    private static void WriteNode(Utf8JsonWriter json, Node node, Dictionary<Parameter, string> holders)
    {
        json.WriteStartObject();
        json.WriteString("name", node.Name);
        json.WriteString("kind", node.Operation.FileKind);
        json.WriteStartArray("inputs");
        foreach (ValueInfo input in node.Inputs)
            json.WriteStringValue(input.Name);
        json.WriteEndArray();
        json.WriteStartObject("attributes");
        node.Operation.WriteAttributes(json);
        json.WriteEndObject();
        if (node.Parameters.Count > 0 && !holders.TryAdd(node.Parameters[0], node.Name))
            json.WriteString("shares", holders[node.Parameters[0]]);
        json.WriteEndObject();
    }
}

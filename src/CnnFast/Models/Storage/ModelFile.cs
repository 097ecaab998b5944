using System.Globalization;
using CnnFast.Data;
using CnnFast.Files;
using CnnFast.Graphs;

namespace CnnFast.Storage;

/// <summary>
/// Model files: safetensors whose tensors are the parameters by name, and whose metadata hold the format version, the architecture as JSON
/// and the normalisation of the inputs. Files are untrusted: whatever does not fit is one sentence that names the file.
/// </summary>
internal static class ModelFile
{
    /// <summary>
    /// The newest version that this library writes and reads. Version 2 has models with several inputs or outputs, version 3 what is
    /// imported: operations on tensors, constants, element types and fixed batches, version 4 layers that share parameters and a
    /// normalisation for each channel.
    /// </summary>
    public const int FormatVersion = 4;

    private const string VersionKey = "format_version";
    private const string ArchitectureKey = "architecture";
    private const string ScaleKey = "normalization.scale";
    private const string OffsetKey = "normalization.offset";
    private const string FrozenKey = "frozen";
    private const string ClassNamesKey = "class_names";

    /// <summary>Writes a model; an existing file is replaced when the new one is complete.</summary>
    public static void Save(Model model, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (IEnumerable<SafetensorsTensor> tensors, Dictionary<string, string> metadata) = Content(model);
        SafetensorsWriter.Write(path, tensors, metadata);
    }

    /// <summary>Writes a model to a stream.</summary>
    public static void Save(Model model, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        (IEnumerable<SafetensorsTensor> tensors, Dictionary<string, string> metadata) = Content(model);
        SafetensorsWriter.Write(destination, tensors, metadata);
    }

    private static (IEnumerable<SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) Content(Model model)
    {
        model = LayerModel.From(model);
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "cnnfast",
            [VersionKey] = VersionOf(model).ToString(CultureInfo.InvariantCulture),
            [ArchitectureKey] = ModelArchitecture.Write(model),
            [ScaleKey] = NormalizationText.Scales(model.Normalization),
            [OffsetKey] = NormalizationText.Offsets(model.Normalization),
        };
        Dictionary<Parameter, string> tensors = NamesOf(model.Graph);
        string[] frozen = [.. model.Parameters.Where(parameter => !parameter.Trainable).Select(parameter => tensors[parameter])];
        if (frozen.Length > 0)
            metadata[FrozenKey] = JsonTexts.Write(frozen);
        if (model.ClassNames is { } names)
            metadata[ClassNamesKey] = JsonTexts.Write(names);
        return (model.Parameters
            .Select(parameter => new SafetensorsTensor(tensors[parameter], parameter.Shape, parameter.Memory))
            .Concat(ConstantTensors.Of(model.Graph)), metadata);
    }

    // Readers expect the name of the first node that holds a parameter, which is another than its own where that use was cut off.
    private static Dictionary<Parameter, string> NamesOf(Graph graph)
    {
        var names = new Dictionary<Parameter, string>();
        foreach (Node node in graph.Nodes)
        {
            foreach (Parameter parameter in node.Parameters)
                names.TryAdd(parameter, node.Name + parameter.Name[parameter.Name.LastIndexOf('.')..]);
        }

        return names;
    }

    // The oldest version whose readers understand the model.
    private static int VersionOf(Model model) =>
        model.Normalization.Channels > 1 || ModelArchitecture.Shares(model) || ModelArchitecture.IsOfVersion4(model) ? 4
            : ModelArchitecture.IsImported(model) ? 3
            : ModelArchitecture.NeedsLists(model) ? 2
            : 1;

    /// <summary>Reads a model.</summary>
    /// <exception cref="DataFormatException">The file is no model of this library.</exception>
    public static Model Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = InputFile.Open(path, "a safetensors file");
        return OnnxSignature.IsOnnx(stream, path)
            ? throw new DataFormatException(
                $"'{path}' is an ONNX model; expected a model file (.safetensors): OnnxModel.Load of the package CnnFast.Onnx reads it.")
            : Load(SafetensorsFile.Read(stream, path));
    }

    /// <summary>Reads the model in a file that was read already.</summary>
    /// <exception cref="DataFormatException">The file is no model of this library.</exception>
    public static Model Load(SafetensorsFile file)
    {
        try
        {
            return Read(file);
        }
        catch (Exception e) when (e is ModelFormatException or ArgumentException or NotSupportedException)
        {
            throw new DataFormatException($"{file.Name}: {Sentence(e)}.", e);
        }
        catch (OverflowException e)
        {
            throw new DataFormatException($"{file.Name}: the sizes of a layer exceed what this library can count.", e);
        }
    }

    // The runtime appends the name and value of a parameter of this library's methods, which say nothing about the file.
    private static string Sentence(Exception e)
    {
        int end = e is ArgumentException { ParamName: string name }
            ? e.Message.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal)
            : -1;
        return (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.');
    }

    private static Model Read(SafetensorsFile file)
    {
        CheckVersion(file);
        (GraphBuilder builder, IReadOnlyList<ValueInfo> outputs, string? name) = ModelArchitecture.Read(Required(file, ArchitectureKey));
        CheckTensors(file, [.. Expected(builder)]);
        Graph graph = ConstantTensors.Fill(builder.Build(outputs, (_, _, parameter) => parameter.Assign(file[parameter.Name].Data.Span)),
            file);
        Freeze(file, graph);
        return new Model(graph, name) { Normalization = ReadNormalization(file), ClassNames = ReadClassNames(file) };
    }

    private static void CheckVersion(SafetensorsFile file)
    {
        string text = Required(file, VersionKey);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version) || version < 1)
            throw new ModelFormatException(
                $"the metadata entry '{VersionKey}' is {Excerpt.Of(text)}; expected a whole number from 1 to {FormatVersion}");
        if (version > FormatVersion)
            throw new ModelFormatException(
                $"the format version is {version}; this library reads up to {FormatVersion}: update CnnFast to read it");
    }

    private static IEnumerable<ExpectedTensor> Expected(GraphBuilder builder)
    {
        foreach (ParameterInfo parameter in builder.Parameters)
            yield return new ExpectedTensor(parameter.Name, SafetensorsDType.F32, parameter.Shape);
        foreach ((string name, Operation operation) in builder.Nodes)
        {
            if (operation is ConstantOperation constant)
                yield return ConstantTensors.Describe(name, constant);
        }
    }

    private static void CheckTensors(SafetensorsFile file, List<ExpectedTensor> parameters)
    {
        foreach (ExpectedTensor parameter in parameters)
        {
            SafetensorsTensor tensor = file.Find(parameter.Name)
                ?? throw new ModelFormatException($"the tensor '{parameter.Name}' {parameter.Shape} of the architecture is missing");
            if (tensor.DType != parameter.DType)
                throw new ModelFormatException($"the tensor '{parameter.Name}' holds {SafetensorsDTypes.NameOf(tensor.DType)} elements; " +
                    $"expected {SafetensorsDTypes.NameOf(parameter.DType)}");
            if (tensor.Shape != parameter.Shape)
                throw new ModelFormatException(
                    $"the tensor '{parameter.Name}' has the shape {tensor.Shape}; the architecture expects {parameter.Shape}");
        }

        if (file.Tensors.Count != parameters.Count)
        {
            HashSet<string> known = [.. parameters.Select(parameter => parameter.Name)];
            string extra = file.Tensors.First(tensor => !known.Contains(tensor.Name)).Name;
            throw new ModelFormatException($"the file holds {file.Tensors.Count} tensors; the architecture expects {parameters.Count} " +
                $"and knows no {Excerpt.Of(extra)}");
        }
    }

    private static void Freeze(SafetensorsFile file, Graph graph)
    {
        if (!file.Metadata.TryGetValue(FrozenKey, out string? text))
            return;
        Dictionary<string, Parameter> parameters = graph.Parameters.ToDictionary(parameter => parameter.Name);
        foreach (string name in JsonTexts.Read($"the metadata entry '{FrozenKey}'", text))
        {
            if (!parameters.TryGetValue(name, out Parameter? parameter))
                throw new ModelFormatException(
                    $"the metadata entry '{FrozenKey}' names {Excerpt.Of(name)}; expected parameters of the model");
            parameter.Trainable = false;
        }
    }

    private static Normalization ReadNormalization(SafetensorsFile file) =>
        file.Metadata.ContainsKey(ScaleKey) || file.Metadata.ContainsKey(OffsetKey)
            ? Normalization.PerChannel(Numbers(file, ScaleKey), Numbers(file, OffsetKey))
            : default;

    private static double[] Numbers(SafetensorsFile file, string key)
    {
        string text = Required(file, key);
        return NormalizationText.TryRead(text)
            ?? throw new ModelFormatException($"the metadata entry '{key}' is {Excerpt.Of(text)}; expected numbers, one a channel");
    }

    private static IReadOnlyList<string>? ReadClassNames(SafetensorsFile file) =>
        file.Metadata.TryGetValue(ClassNamesKey, out string? text) ? JsonTexts.Read($"the metadata entry '{ClassNamesKey}'", text) : null;

    private static string Required(SafetensorsFile file, string key) => file.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new ModelFormatException($"the metadata entry '{key}' is missing; expected a model that CnnFast saved");
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CnnFast.Files;

namespace CnnFast.Cli;

/// <summary><c>cnnfast inspect</c>: what is in a model file.</summary>
internal static class InspectCommand
{
    private const int MetadataShown = 60;

    public static Command Create(CommandHost host)
    {
        Argument<string> model = ModelSource.Argument();
        var passes = new Option<bool>("--passes")
        {
            Description = "Show how the model is rewritten and placed in memory for inference: every pass and what it did, " +
                "every node that runs, its kernel and its bytes.",
        };
        Option<string?> graph = GraphFile.Option();
        Option<int> batch = NumberOption.Whole("--batch", "Samples of one run, for --passes and for ONNX models of one size of batch.", 1,
            1, BenchCommand.MaxBatch);
        Option<string[]> shape = ShapeOption.Create();
        var command = new ExampleCommand(
            "inspect",
            "Shows the layers, shapes, parameters, multiply-adds and metadata of a model file.",
            [
                "Of an ONNX model it also shows the operators, what was converted on the way in (such as weights of half precision), " +
                    "and which transposes of images "
                    + "remain; the layers are those that run here, images channels last.",
            ],
            "cnnfast inspect digits.safetensors",
            "cnnfast inspect digits.safetensors --json",
            "cnnfast inspect digits.safetensors --passes --batch 16",
            "cnnfast inspect zoo:mobilenetv2 --passes",
            "cnnfast inspect zoo:resnet18 --graph resnet18.html",
            "cnnfast inspect classifier.onnx --shape 1x3x48x192")
        {
            model, passes, graph, batch, shape,
        };
        command.Brief = "Shows what is in a model, and what the compiler made of it";
        command.Rows = ["steps", "layers"];
        command.SetAction(parse =>
        {
            if (parse.GetValue(graph) is { } picture)
            {
                return GraphFile.Run(host, parse.GetValue(model)!, picture, parse.GetValue(shape) ?? [],
                    parse.GetResult(batch) is { Implicit: false } ? parse.GetValue(batch) : null, parse.GetValue(passes),
                    parse.GetValue(CommonOptions.Json));
            }

            bool hasBatch = parse.GetResult(batch) is { Implicit: false };
            bool isOnnx = ModelSource.IsOnnx(parse.GetValue(model)!);
            if (hasBatch && !isOnnx && !parse.GetValue(passes))
                throw new InputException("--batch has no effect here; expected --passes with it.");
            return isOnnx
                ? OnnxInspect.Run(host, parse.GetValue(model)!, parse.GetValue(shape) ?? [], hasBatch ? parse.GetValue(batch) : null,
                    parse.GetValue(passes), parse.GetValue(CommonOptions.Json))
                : Run(host, parse.GetValue(model)!, parse.GetValue(shape) ?? [], parse.GetValue(passes) ? parse.GetValue(batch) : 0,
                    parse.GetValue(CommonOptions.Json));
        });
        return command;
    }

    // A batch of 0 is no plan.
    private static int Run(CommandHost host, string path, string[] shapes, int batch, bool json)
    {
        ModelSource.RequireNoShapes(path, shapes);
        SafetensorsFile? file = ModelSource.IsZoo(path) ? null : SafetensorsFile.Read(path);
        Model model = file is null ? ModelSource.Load(path) : Model.Load(file);
        long bytes = file is null ? 0 : new FileInfo(path).Length;
        PlanInfo? plan = batch == 0 ? null : InferenceSession.DescribePlan(model, new SessionOptions { MaxBatch = batch });
        if (json)
        {
            JsonOutput.Write(host.Output, writer =>
            {
                WriteJson(writer, model, file, bytes);
                if (plan is not null)
                    PlanText.WriteJson(writer, plan);
            });
            return ExitCodes.Done;
        }

        WriteLayers(host, model);
        WriteText(host.Output, model, file, bytes);
        if (plan is not null)
            PlanText.Write(host, plan);
        return ExitCodes.Done;
    }

    /// <summary>Writes the layers as a table, and what they are together.</summary>
    public static void WriteLayers(CommandHost host, Model model)
    {
        IReadOnlyList<LayerInfo> layers = model.Layers;
        bool isChain = !layers.Skip(1).Where((layer, i) => layer.Inputs.Count != 1 || layer.Inputs[0] != layers[i].Name).Any();
        if (model.Name is { } name)
            host.Output.WriteLine("Model " + Printable(name));
        TextTable table = new TextTable(host).Name("Layer").Name("Output shape").Number("Parameters").Number("Multiply-adds");
        if (!isChain)
            table.Name("Reads", rank: 1);
        foreach (LayerInfo layer in layers)
        {
            string sizes = string.Join(", ", (IEnumerable<string>)[.. layer.HasBatch ? (string[])["N"] : [],
                .. layer.OutputShape.Dimensions.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture))]);
            string[] cells = [$"{layer.Name} ({layer.Kind})", $"({sizes})", Number(layer.ParameterCount), Number(layer.MultiplyAdds)];
            table.Row(isChain ? cells : [.. cells, string.Join(", ", layer.Inputs)]);
        }

        table.Write();
        host.Output.WriteLine(
            $"Total: {Number(model.ParameterCount)} parameters ({Number(model.ParameterCount * sizeof(float))} bytes)");
        host.Output.WriteLine(
            $"       {Number(model.MultiplyAdds)} multiply-adds{(model.Inputs.All(input => !input.HasBatch) ? "" : " a sample")}");
    }

    /// <summary>Writes the layers as a member of the object that is open.</summary>
    public static void WriteLayers(Utf8JsonWriter json, Model model)
    {
        json.WriteStartArray("layers");
        foreach (LayerInfo layer in model.Layers)
        {
            json.WriteStartObject();
            json.WriteString("name", layer.Name);
            json.WriteString("kind", layer.Kind);
            json.WriteStrings("inputs", layer.Inputs);
            json.WriteShape("outputShape", layer.OutputShape);
            json.WriteBoolean("hasBatch", layer.HasBatch);
            json.WriteNumber("parameters", layer.ParameterCount);
            json.WriteNumber("multiplyAdds", layer.MultiplyAdds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Text of a file, which may hold the control sequences of a terminal.</summary>
    public static string Printable(string text) => string.Create(text.Length, text, (span, from) =>
    {
        for (int i = 0; i < span.Length; i++)
            span[i] = char.IsControl(from[i]) ? '?' : from[i];
    });

    private static void WriteText(TextWriter output, Model model, SafetensorsFile? file, long bytes)
    {
        output.WriteLine($"Inputs         {Describe(model.Inputs)}");
        output.WriteLine($"Outputs        {Describe(model.Outputs)}");
        if (file is null)
            return;
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"File           {file.Tensors.Count} tensors, {bytes:N0} bytes"));
        output.WriteLine($"Normalisation  {model.Normalization}");
        if (model.ClassNames is { } names)
            output.WriteLine("Classes        " + Printable(string.Join(", ", names)));
        foreach ((string key, string value) in file.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            string shown = value.Length > MetadataShown ? string.Concat(value.AsSpan(0, MetadataShown), "… (whole with --json)") : value;
            output.WriteLine("Metadata       " + Printable($"{key}: {shown}"));
        }
    }

    // One number, or one a channel.
    private static void WriteFactors(Utf8JsonWriter json, string member, int channels, Func<int, double> factor)
    {
        if (channels == 1)
        {
            json.WriteNumber(member, factor(0));
            return;
        }

        json.WriteStartArray(member);
        for (int c = 0; c < channels; c++)
            json.WriteNumberValue(factor(c));
        json.WriteEndArray();
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Describe(IReadOnlyList<TensorInfo> tensors) =>
        string.Join(", ", tensors.Select(tensor => $"{tensor.Name} {tensor.Shape}"));

    private static void WriteTensors(Utf8JsonWriter json, string member, IReadOnlyList<TensorInfo> tensors)
    {
        json.WriteStartArray(member);
        foreach (TensorInfo tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteShape("shape", tensor.Shape);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteJson(Utf8JsonWriter json, Model model, SafetensorsFile? file, long bytes)
    {
        json.WriteString("name", model.Name);
        WriteTensors(json, "inputs", model.Inputs);
        WriteTensors(json, "outputs", model.Outputs);
        json.WriteNumber("parameters", model.ParameterCount);
        json.WriteNumber("multiplyAdds", model.MultiplyAdds);
        if (file is not null)
            json.WriteNumber("fileBytes", bytes);
        json.WriteStartObject("normalization");
        WriteFactors(json, "scale", model.Normalization.Channels, model.Normalization.ScaleOf);
        WriteFactors(json, "offset", model.Normalization.Channels, model.Normalization.OffsetOf);
        json.WriteEndObject();
        if (model.ClassNames is { } names)
            json.WriteStrings("classNames", names);
        WriteLayers(json, model);
        if (file is null)
            return;
        json.WriteStartArray("tensors");
        foreach (SafetensorsTensor tensor in file.Tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("dtype", tensor.DType.ToString());
            json.WriteShape("shape", tensor.Shape);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("metadata");
        foreach ((string key, string value) in file.Metadata)
            json.WriteString(key, value);
        json.WriteEndObject();
    }
}

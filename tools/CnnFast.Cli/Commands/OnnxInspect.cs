using System.Globalization;
using System.Text.Json;
using CnnFast.Onnx;

namespace CnnFast.Cli;

/// <summary><c>cnnfast inspect</c> of an ONNX model.</summary>
internal static class OnnxInspect
{
    /// <summary>Shows what is in the file, and, where the dimensions are known, what it becomes.</summary>
    /// <param name="host">Where the result goes.</param>
    /// <param name="path">The file.</param>
    /// <param name="shapes">The dimensions that the file leaves open.</param>
    /// <param name="batch">The samples of a run; null for what the shapes say.</param>
    /// <param name="passes">Whether the plan is shown.</param>
    /// <param name="json">Whether the result is JSON.</param>
    public static int Run(CommandHost host, string path, string[] shapes, int? batch, bool passes, bool json)
    {
        OnnxFileSummary summary = OnnxFileSummary.Read(path);
        long bytes = new FileInfo(path).Length;
        try
        {
            return Run(host, path, summary, bytes, shapes, batch, passes, json);
        }
        catch (NotSupportedException e)
        {
            // What the file says of itself tells which model it is, and how far it is from running.
            if (json)
            {
                JsonOutput.Write(host.Output, writer =>
                {
                    WriteJson(writer, summary, bytes);
                    writer.WriteString("error", e.Message);
                });
            }
            else
            {
                WriteText(host.Output, summary, bytes);
            }

            return ErrorReport.Write(e, host.Error);
        }
    }

    private static int Run(CommandHost host, string path, OnnxFileSummary summary, long bytes, string[] shapes, int? batch, bool passes,
        bool json)
    {
        OnnxModel onnx = OnnxModel.Load(path);
        Dictionary<string, int[]> given = ShapeOption.Parse(path, onnx.Inputs, shapes);
        string? missing = ShapeOption.Missing(path, onnx.Inputs, given);
        if (missing is not null && passes)
            throw new InputException(missing);
        OnnxSource? source = missing is null ? OnnxSource.Bind(onnx, given, batch, OnnxLayout.Nchw) : null;
        if (batch is not null && !passes && source is null or { IsWhole: false })
            throw new InputException(source is null
                ? $"--batch has no effect here: {missing}"
                : "--batch has no effect here: the model is for any number of samples; expected --passes with it.");
        PlanInfo? plan = source is null || !passes
            ? null
            : InferenceSession.DescribePlan(source.Model, new SessionOptions { MaxBatch = source.SessionBatch });
        if (json)
        {
            JsonOutput.Write(host.Output, writer =>
            {
                writer.WriteString("name", source?.Model.Name);
                WriteJson(writer, summary, bytes);
                WriteJson(writer, onnx, source);
                if (plan is not null)
                    PlanText.WriteJson(writer, plan);
            });
            return ExitCodes.Done;
        }

        if (source is not null)
            InspectCommand.WriteLayers(host, source.Model);
        WriteText(host.Output, summary, bytes);
        WriteText(host.Output, onnx, source);
        if (missing is not null)
            host.Output.WriteLine($"Layers         {missing}");
        if (plan is not null)
            PlanText.Write(host, plan);
        return ExitCodes.Done;
    }

    private static void WriteText(TextWriter output, OnnxFileSummary summary, long bytes)
    {
        string sets = string.Join(", ",
            summary.Opsets.Select(set => $"operator set {(set.Domain.Length == 0 ? "" : set.Domain + " ")}{set.Version}"));
        Write(output, "ONNX", string.Create(CultureInfo.InvariantCulture,
            $"{sets}, format {summary.IrVersion}, {summary.NodeCount} {(summary.NodeCount == 1 ? "node" : "nodes")}, {bytes:N0} bytes"));
        if (summary.Producer.Length > 0)
            Write(output, "Producer", summary.Producer);
        Write(output, "Weights",
            string.Create(CultureInfo.InvariantCulture, $"{summary.TensorCount} {(summary.TensorCount == 1 ? "tensor" : "tensors")}, " +
                $"{summary.ParameterCount:N0} numbers, {summary.ParameterBytes:N0} bytes"));
        foreach (OnnxValueSummary input in summary.Inputs)
            Write(output, "Input", input.ToString());
        foreach (OnnxValueSummary result in summary.Outputs)
            Write(output, "Output", result.ToString());
        Write(output, "Operators", string.Join(", ",
            summary.Operators.Select(entry => $"{entry.Name} {entry.Count}{(entry.IsSupported ? "" : " (not supported)")}")));
    }

    private static void WriteText(TextWriter output, OnnxModel onnx, OnnxSource? source)
    {
        foreach (string note in onnx.Notes)
            Write(output, "Note", note);
        if (source is null)
            return;
        Write(output, "Batch", source.IsWhole ? "fixed: the shapes above hold it" : "any number of samples");
        (string Name, string Text)[] transposes = [.. Transposes(source.Model)];
        Write(output, "Transposes", transposes.Length == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{transposes.Length}"));
        foreach ((string name, string text) in transposes)
            output.WriteLine(InspectCommand.Printable($"  {name}: {text}"));
    }

    private static void Write(TextWriter output, string title, string text) =>
        output.WriteLine(InspectCommand.Printable($"{title,-14} {text}"));

    private static void WriteJson(Utf8JsonWriter json, OnnxFileSummary summary, long bytes)
    {
        json.WriteString("producer", summary.Producer);
        json.WriteNumber("formatVersion", summary.IrVersion);
        json.WriteNumber("opset", summary.Opsets.FirstOrDefault(set => set.Domain.Length == 0)?.Version ?? 0);
        json.WriteNumber("nodes", summary.NodeCount);
        json.WriteNumber("fileBytes", bytes);
        json.WriteNumber("weightTensors", summary.TensorCount);
        json.WriteNumber("weightElements", summary.ParameterCount);
        json.WriteNumber("weightBytes", summary.ParameterBytes);
        WriteTensors(json, "inputs", summary.Inputs);
        WriteTensors(json, "outputs", summary.Outputs);
        json.WriteStartObject("operators");
        foreach (OnnxOperatorCount entry in summary.Operators)
            json.WriteNumber(entry.Name, entry.Count);
        json.WriteEndObject();
        json.WriteStrings("unsupportedOperators", summary.Operators.Where(entry => !entry.IsSupported).Select(entry => entry.Name));
    }

    private static void WriteJson(Utf8JsonWriter json, OnnxModel onnx, OnnxSource? source)
    {
        json.WriteStrings("notes", onnx.Notes);
        if (source is null)
            return;
        json.WriteNumber("parameters", source.Model.ParameterCount);
        json.WriteNumber("multiplyAdds", source.Model.MultiplyAdds);
        json.WriteBoolean("anyBatch", !source.IsWhole);
        json.WriteStartArray("transposes");
        foreach ((string name, string text) in Transposes(source.Model))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("what", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        InspectCommand.WriteLayers(json, source.Model);
    }

    // Elements that are moved in memory from one order of dimensions to another.
    private static IEnumerable<(string Name, string Text)> Transposes(Model model)
    {
        Dictionary<string, LayerInfo> layers = model.Layers.ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        foreach (LayerInfo layer in model.Layers.Where(layer => layer.Kind == "Transpose"))
        {
            LayerInfo input = layers[layer.Inputs[0]];
            using JsonDocument attributes = JsonDocument.Parse(layer.Attributes);
            string order = string.Join(", ", attributes.RootElement.GetProperty("order").EnumerateArray());
            yield return (layer.Name, $"{Whole(input)} to {Whole(layer)} (dimensions {order}), {PlaceOf(layer, input)}");
        }
    }

    private static Shape Whole(LayerInfo layer) => layer.HasBatch ? layer.OutputShape.WithBatch(1) : layer.OutputShape;

    private static string PlaceOf(LayerInfo transpose, LayerInfo input)
    {
        if (input.Kind == "Input")
            return $"of the input '{input.Name}'";
        return transpose.IsOutput ? "of an output" : $"inside, of '{input.Name}'";
    }

    private static void WriteTensors(Utf8JsonWriter json, string member, IReadOnlyList<OnnxValueSummary> tensors)
    {
        json.WriteStartArray(member);
        foreach (OnnxValueSummary tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("elementType", tensor.Type);
            if (tensor.Dimensions is null)
            {
                json.WriteNull("shape");
            }
            else
            {
                json.WriteStartArray("shape");
                foreach (long dimension in tensor.Dimensions)
                    json.WriteNumberValue(dimension);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

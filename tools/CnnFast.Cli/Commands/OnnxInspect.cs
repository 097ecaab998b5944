using System.Globalization;
using System.Text.Json;
using CnnFast.Compile;
using CnnFast.Graphs;
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
        OnnxModel onnx = OnnxModel.Load(path);
        Dictionary<string, int[]> given = ShapeOption.Parse(path, onnx.Inputs, shapes);
        string? missing = ShapeOption.Missing(path, onnx.Inputs, given);
        if (missing is not null && passes)
            throw new InputException(missing);
        OnnxSource? source = missing is null ? OnnxSource.Bind(onnx, given, batch, OnnxLayout.Nchw) : null;
        ExecutionPlan? plan = source is null || !passes ? null : new ExecutionPlan(source.Model.Graph, new PlanOptions(source.SessionBatch, SerialScheduler.Instance, ConvAlgorithm.Auto));
        long bytes = new FileInfo(path).Length;
        if (json)
        {
            JsonOutput.Write(host.Output, writer =>
            {
                WriteJson(writer, onnx, source, bytes);
                if (plan is not null)
                    PlanText.WriteJson(writer, plan);
            });
            return ExitCodes.Done;
        }

        WriteText(host.Output, onnx, source, bytes);
        if (missing is not null)
            host.Output.WriteLine($"Layers         {missing}");
        if (plan is not null)
            PlanText.Write(host.Output, plan);
        return ExitCodes.Done;
    }

    private static void WriteText(TextWriter output, OnnxModel onnx, OnnxSource? source, long bytes)
    {
        if (source is not null)
            output.Write(source.Model.Summary());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ONNX           operator set {onnx.Opset}, {onnx.Nodes.Count()} nodes, {bytes:N0} bytes"));
        foreach (OnnxTensorInfo input in onnx.Inputs)
            output.WriteLine(InspectCommand.Printable($"Input          {input}"));
        foreach (OnnxTensorInfo result in onnx.Outputs)
            output.WriteLine(InspectCommand.Printable($"Output         {result}"));
        output.WriteLine($"Operators      {string.Join(", ", Operators(onnx).Select(group => $"{group.Name} {group.Count}"))}");
        foreach (string note in onnx.Notes)
            output.WriteLine(InspectCommand.Printable($"Note           {note}"));
        if (source is null)
            return;
        output.WriteLine($"Batch          {(source.IsWhole ? "fixed: the shapes above hold it" : "any number of samples")}");
        (string Name, string Text)[] transposes = [.. Transposes(source.Model.Graph)];
        output.WriteLine($"Transposes     {(transposes.Length == 0 ? "none" : transposes.Length)}");
        foreach ((string name, string text) in transposes)
            output.WriteLine($"  {name}: {text}");
    }

    private static void WriteJson(Utf8JsonWriter json, OnnxModel onnx, OnnxSource? source, long bytes)
    {
        json.WriteString("name", source?.Model.Name);
        json.WriteNumber("opset", onnx.Opset);
        json.WriteNumber("nodes", onnx.Nodes.Count());
        json.WriteNumber("fileBytes", bytes);
        WriteTensors(json, "inputs", onnx.Inputs);
        WriteTensors(json, "outputs", onnx.Outputs);
        json.WriteStartObject("operators");
        foreach ((string name, int count) in Operators(onnx))
            json.WriteNumber(name, count);
        json.WriteEndObject();
        json.WriteStrings("notes", onnx.Notes);
        if (source is null)
            return;
        json.WriteNumber("parameters", source.Model.ParameterCount);
        json.WriteNumber("multiplyAdds", source.Model.MultiplyAdds);
        json.WriteBoolean("anyBatch", !source.IsWhole);
        json.WriteStartArray("transposes");
        foreach ((string name, string text) in Transposes(source.Model.Graph))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("what", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        InspectCommand.WriteLayers(json, source.Model);
    }

    private static IEnumerable<(string Name, int Count)> Operators(OnnxModel onnx) =>
        onnx.Nodes.GroupBy(node => node.Operator, StringComparer.Ordinal).Select(group => (group.Key, group.Count())).OrderByDescending(group => group.Item2).ThenBy(group => group.Key, StringComparer.Ordinal);

    // Elements that are moved in memory from one order of dimensions to another.
    private static IEnumerable<(string Name, string Text)> Transposes(Graph graph)
    {
        HashSet<int> inputs = [.. graph.Inputs.Select(input => input.Id)];
        HashSet<int> outputs = [.. graph.Outputs.Select(output => output.Id)];
        foreach (Node node in graph.Nodes)
        {
            if (node.Operation is not TransposeOperation transpose)
                continue;
            string place = inputs.Contains(node.Inputs[0].Id) ? $"of the input '{node.Inputs[0].Name}'" : outputs.Contains(node.Output.Id) ? "of an output" : $"inside, of '{node.Inputs[0].Name}'";
            yield return (node.Name, $"{node.Inputs[0].ShapeFor(1)} to {node.Output.ShapeFor(1)} (dimensions {string.Join(", ", transpose.Order)}), {place}");
        }
    }

    private static void WriteTensors(Utf8JsonWriter json, string member, IReadOnlyList<OnnxTensorInfo> tensors)
    {
        json.WriteStartArray(member);
        foreach (OnnxTensorInfo tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("elementType", tensor.ElementType.ToString());
            if (tensor.Dimensions is null)
                json.WriteNull("shape");
            else
                json.WriteNumbers("shape", tensor.Dimensions);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CnnFast.Onnx;

namespace CnnFast.Cli;

/// <summary><c>cnnfast run</c> of an ONNX model.</summary>
internal static class OnnxRun
{
    public static int Run(CommandHost host, string path, string[] inputs, string[] outputs, int threads, ConvAlgorithm algorithm, bool json)
    {
        OnnxModel model = OnnxModel.Load(path);
        string[] inputPaths = NamedPaths.InOrder("--input", inputs, [.. model.Inputs.Select(tensor => tensor.Name)]);
        string[] outputNames = [.. model.Outputs.Select(tensor => tensor.Name)];
        string[] outputPaths = NamedPaths.Writable("--output", outputs, outputNames);
        StandardFiles.RequireOneInput("--input", inputPaths);
        StandardFiles.RequireFreeOutput("--output", outputPaths, json);
        OnnxTensor[] x = [.. model.Inputs.Select((input, i) =>
            StandardFiles.Read(host, inputPaths[i], file => OnnxTensor.ReadNpy(file, input.ElementType)))];
        var given = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        for (int i = 0; i < x.Length; i++)
            given.Add(model.Inputs[i].Name, x[i]);
        long start = Stopwatch.GetTimestamp();
        var options = new OnnxRunOptions { MaxThreads = threads, ConvAlgorithm = algorithm };
        model.Run(given, options, host.Stop);
        double preparation = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        IReadOnlyDictionary<string, OnnxTensor> results = model.Run(given, options, host.Stop);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        OnnxTensor[] y = [.. outputNames.Select(name => results[name])];
        foreach ((string file, OnnxTensor tensor) in outputPaths.Zip(y))
            StandardFiles.Write(host, file, to => OnnxArrays.Write(to, tensor));
        if (json)
        {
            JsonOutput.Write(host.Output, writer =>
            {
                WriteArrays(writer, "inputs", model.Inputs, inputPaths, x);
                WriteArrays(writer, "outputs", model.Outputs, outputPaths, y);
                writer.WriteNumber("seconds", seconds);
                writer.WriteNumber("preparationSeconds", preparation);
            });
        }
        else
        {
            string read = string.Join(", ", model.Inputs.Select((input, i) => Describe(input.Name, x[i])));
            string written = string.Join(", ", outputNames.Select((name, i) => Describe(name, y[i])));
            TextWriter says = outputPaths.Contains(StandardFiles.Dash) ? host.Notes : host.Output;
            says.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{read} -> {written} in {seconds * 1000:0.###} ms (and {preparation * 1000:0.###} ms before, to plan and warm up)"));
            foreach (string output in outputPaths.Where(name => name != StandardFiles.Dash))
                says.WriteLine(output);
        }

        return ExitCodes.Done;
    }

    private static string Describe(string name, OnnxTensor tensor) =>
        $"{name} {(tensor.ElementType == ElementType.Float32 ? "" : $"{tensor.ElementType} ")}[{string.Join(", ", tensor.Dimensions)}]";

    private static void WriteArrays(Utf8JsonWriter json, string member, IReadOnlyList<OnnxTensorInfo> infos, string[] paths,
        OnnxTensor[] tensors)
    {
        json.WriteStartArray(member);
        for (int i = 0; i < paths.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", infos[i].Name);
            json.WriteString("path", Path.GetFullPath(paths[i]));
            json.WriteString("elementType", tensors[i].ElementType.ToString());
            json.WriteNumbers("shape", tensors[i].Dimensions);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CnnFast.Files;

namespace CnnFast.Cli;

/// <summary><c>cnnfast run</c>: a model on NumPy arrays.</summary>
internal static class RunCommand
{
    private const int MaxBatch = 64;

    public static Command Create(CommandHost host)
    {
        Argument<string> model = ModelSource.Argument();
        var input = new Option<string[]>("--input")
        {
            Description = "The array that the model reads; once an input. - is standard input.",
            HelpName = "[name=]x.npy",
            Required = true,
        };
        var output = new Option<string[]>("--output")
        {
            Description = "Where to write what the model computes; once an output. - is standard output.",
            HelpName = "[name=]y.npy",
            Required = true,
        };
        Option<int> threads = CommonOptions.Threads();
        Option<ConvAlgorithm> algorithm = CommonOptions.Algorithm();
        var command = new ExampleCommand(
            "run",
            "Runs a model on NumPy arrays (.npy) and writes its outputs as such.",
            [
                "An input has the shape [N, ...] of N samples in the model's own layout (pictures: [N, H, W, C]), or that of one sample; " +
                    "the outputs "
                    + "likewise. Numbers are taken as they are, without normalisation. Where a model has several inputs or outputs, " +
                        "each path follows its name.",
                "ONNX models (.onnx) have their own layout too (pictures mostly [N, C, H, W]); the arrays decide dimensions that they " +
                    "leave open, and elements may "
                    + "be integers or truth values where the model has such.",
                "'cnnfast inspect MODEL' shows the names and the shapes.",
            ],
            "cnnfast run digits.safetensors --input x.npy --output y.npy",
            "cnnfast run digits.safetensors --input x.npy --output y.npy --threads 1",
            "cnnfast run digits.safetensors -i - -o - < x.npy > y.npy",
            "cnnfast run net.onnx --input x.npy --output boxes=b.npy --output scores=s.npy",
            "cnnfast run two.safetensors --input a=a.npy --input b=b.npy --output y=y.npy")
        {
            model, input, output, threads, algorithm,
        };
        command.Brief = "Runs a model on NumPy arrays";
        command.SetAction(parse => Run(
            host, parse.GetValue(model)!, parse.GetValue(input)!, parse.GetValue(output)!, parse.GetValue(threads),
            parse.GetValue(algorithm), parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, string path, string[] inputs, string[] outputs, int threads, ConvAlgorithm algorithm,
        bool json)
    {
        if (ModelSource.IsOnnx(path))
            return OnnxRun.Run(host, path, inputs, outputs, threads, algorithm, json);
        Model model = ModelSource.Load(path);
        string[] inputPaths = NamedPaths.InOrder("--input", inputs, [.. model.Inputs.Select(tensor => tensor.Name)]);
        string[] outputPaths = NamedPaths.Writable("--output", outputs, [.. model.Outputs.Select(tensor => tensor.Name)]);
        StandardFiles.RequireOneInput("--input", inputPaths);
        StandardFiles.RequireFreeOutput("--output", outputPaths, json);
        NpyArray[] x = [.. inputPaths.Select(path => StandardFiles.ReadNpy(host, path))];
        (int n, bool single) = SamplesOf(path, model, inputPaths, x);
        var y = new float[model.Outputs.Count][];
        for (int i = 0; i < y.Length; i++)
        {
            TensorInfo output = model.Outputs[i];
            long length = (long)n * output.Shape.ElementCount;
            y[i] = length <= Array.MaxLength ? new float[length] : throw new ShapeException($"'{inputPaths[0]}' has {n} samples, " +
                $"whose outputs '{output.Name}' of {output.Shape} do not fit one array; run fewer at once.");
        }

        long start = Stopwatch.GetTimestamp();
        using var session = new InferenceSession(model,
            new SessionOptions { MaxThreads = threads, MaxBatch = Math.Min(n, MaxBatch), ConvAlgorithm = algorithm });
        double preparation = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        RunAll(session, n, x, y, host.Stop);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        Shape[] shapes = [.. model.Outputs.Select(output => single ? output.Shape : output.Shape.WithBatch(n))];
        for (int i = 0; i < y.Length; i++)
            StandardFiles.WriteNpy(host, outputPaths[i], shapes[i], y[i]);
        if (json)
        {
            JsonOutput.Write(host.Output, writer =>
            {
                WriteArrays(writer, "inputs", model.Inputs, inputPaths, [.. x.Select(array => array.Shape)]);
                WriteArrays(writer, "outputs", model.Outputs, outputPaths, shapes);
                writer.WriteNumber("samples", n);
                writer.WriteNumber("seconds", seconds);
                writer.WriteNumber("preparationSeconds", preparation);
            });
        }
        else
        {
            string read = string.Join(", ", model.Inputs.Select((input, i) => $"{input.Name} {x[i].Shape}"));
            string written = string.Join(", ", model.Outputs.Select((output, i) => $"{output.Name} {shapes[i]}"));
            TextWriter says = outputPaths.Contains(StandardFiles.Dash) ? host.Notes : host.Output;
            says.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{read} -> {written} in {seconds * 1000:0.###} ms (and {preparation * 1000:0.###} ms before, to plan and warm up)"));
            foreach (string output in outputPaths.Where(path => path != StandardFiles.Dash))
                says.WriteLine(output);
        }

        return ExitCodes.Done;
    }

    // The samples that every array holds, and whether each is one sample without a batch.
    private static (int Samples, bool Single) SamplesOf(string path, Model model, string[] paths, NpyArray[] arrays)
    {
        var samples = new int[arrays.Length];
        bool allSingle = true;
        for (int i = 0; i < arrays.Length; i++)
        {
            Shape shape = arrays[i].Shape;
            Shape expected = model.Inputs[i].Shape;
            bool single = shape == expected;
            if (!single && (shape.Rank != expected.Rank + 1 || shape.WithoutBatch() != expected))
                throw new ShapeException(
                    $"'{paths[i]}' has the shape {shape}; '{path}' expects {Batch(expected)} for N samples, or {expected} for one.");
            samples[i] = single ? 1 : shape[0];
            allSingle &= single;
            if (samples[i] != samples[0])
                throw new ShapeException($"'{paths[i]}' has {samples[i]} {(samples[i] == 1 ? "sample" : "samples")} and '{paths[0]}' " +
                    $"{samples[0]}; expected as many in all inputs.");
        }

        return (samples[0], allSingle);
    }

    private static void RunAll(InferenceSession session, int n, NpyArray[] x, float[][] y, CancellationToken stop)
    {
        var inputs = new ReadOnlyMemory<float>[x.Length];
        var outputs = new Memory<float>[y.Length];
        for (int done = 0; done < n; done += session.MaxBatch)
        {
            int count = Math.Min(session.MaxBatch, n - done);
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = x[i].Data.Slice(done * session.Inputs[i].Shape.ElementCount, count * session.Inputs[i].Shape.ElementCount);
            for (int i = 0; i < outputs.Length; i++)
                outputs[i] = y[i].AsMemory(done * session.Outputs[i].Shape.ElementCount, count * session.Outputs[i].Shape.ElementCount);
            session.Run(inputs, outputs, stop);
        }
    }

    private static string Batch(Shape sample) => sample.Rank == 0 ? "[N]" : $"[N, {sample.ToString()[1..]}";

    private static void WriteArrays(Utf8JsonWriter json, string member, IReadOnlyList<TensorInfo> tensors, string[] paths, Shape[] shapes)
    {
        json.WriteStartArray(member);
        for (int i = 0; i < paths.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", tensors[i].Name);
            json.WriteString("path", Path.GetFullPath(paths[i]));
            json.WriteShape("shape", shapes[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CnnFast.Formats;

namespace CnnFast.Cli;

/// <summary><c>cnnfast run</c>: a model on NumPy arrays.</summary>
internal static class RunCommand
{
    private const int MaxBatch = 64;

    public static Command Create(CommandHost host)
    {
        Argument<string> model = ModelSource.Argument();
        var input = new Option<string>("--input") { Description = "The array that the model reads.", HelpName = "[name=]x.npy", Required = true };
        var output = new Option<string>("--output") { Description = "Where to write what the model computes, as float32.", HelpName = "[name=]y.npy", Required = true };
        Option<int> threads = CommonOptions.Threads();
        Option<ConvAlgorithm> algorithm = CommonOptions.Algorithm();
        var command = new ExampleCommand(
            "run",
            "Runs a model on a NumPy array (.npy) and writes its output as one.",
            [
                "The input has the shape [N, ...] of N samples in the model's own layout (pictures: [N, H, W, C]), or that of one sample; the output",
                "likewise. Numbers are taken as they are, without normalisation. 'cnnfast inspect MODEL' shows the names and the shapes.",
            ],
            "cnnfast run digits.safetensors --input x.npy --output y.npy",
            "cnnfast run digits.safetensors --input input=x.npy --output softmax=y.npy --threads 1")
        {
            model, input, output, threads, algorithm,
        };
        command.SetAction(parse => Run(
            host, parse.GetValue(model)!, parse.GetValue(input)!, parse.GetValue(output)!, parse.GetValue(threads), parse.GetValue(algorithm), parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, string path, string input, string output, int threads, ConvAlgorithm algorithm, bool json)
    {
        Model model = ModelSource.LoadSingle(path);
        (string inputName, string outputName) = (model.Layers[0].Name, model.Layers[^1].Name);
        string inputPath = PathOf("--input", input, inputName);
        string outputPath = OutputPath.RequireWritable("--output", PathOf("--output", output, outputName));
        NpyArray x = NpyFile.Read(inputPath);
        bool single = x.Shape == model.InputShape;
        if (!single && (x.Shape.Rank != model.InputShape.Rank + 1 || x.Shape.WithoutBatch() != model.InputShape))
            throw new ShapeException($"'{inputPath}' has the shape {x.Shape}; '{path}' expects {Batch(model.InputShape)} for N samples, or {model.InputShape} for one.");

        int n = single ? 1 : x.Shape[0];
        if ((long)n * model.OutputShape.ElementCount > Array.MaxLength)
            throw new ShapeException($"'{inputPath}' has {n} samples, whose outputs of {model.OutputShape} do not fit one array; run fewer at once.");
        using var session = new InferenceSession(model, new SessionOptions { MaxThreads = threads, MaxBatch = Math.Min(n, MaxBatch), ConvAlgorithm = algorithm });
        var y = new float[n * model.OutputShape.ElementCount];
        long start = Stopwatch.GetTimestamp();
        RunAll(session, model, n, x.Data.Span, y, host.Stop);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        Shape shape = single ? model.OutputShape : model.OutputShape.WithBatch(n);
        NpyFile.Write(outputPath, shape, y);
        if (json)
        {
            JsonOutput.Write(host.Output, writer =>
            {
                WriteArray(writer, "input", inputName, Path.GetFullPath(inputPath), x.Shape);
                WriteArray(writer, "output", outputName, outputPath, shape);
                writer.WriteNumber("samples", n);
                writer.WriteNumber("seconds", seconds);
            });
        }
        else
        {
            host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{inputName} {x.Shape} -> {outputName} {shape} in {seconds * 1000:0.###} ms"));
            host.Output.WriteLine(outputPath);
        }

        return ExitCodes.Done;
    }

    private static void RunAll(InferenceSession session, Model model, int n, ReadOnlySpan<float> x, Span<float> y, CancellationToken stop)
    {
        int inputLength = model.InputShape.ElementCount;
        int outputLength = model.OutputShape.ElementCount;
        for (int done = 0; done < n; done += session.MaxBatch)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(session.MaxBatch, n - done);
            session.Run(x.Slice(done * inputLength, count * inputLength), y.Slice(done * outputLength, count * outputLength));
        }
    }

    // "name=path" where what stands before the first '=' is the name; a path that holds '=' may also stand alone where such a file or folder is meant.
    private static string PathOf(string option, string value, string name)
    {
        int at = value.IndexOf('=', StringComparison.Ordinal);
        if (at < 0)
            return value;
        string given = value[..at];
        if (given == name)
            return value[(at + 1)..];
        if (given.AsSpan().ContainsAny('/', '\\', '.') || File.Exists(value))
            return value;
        throw new InputException($"{option} names '{given}', which the model does not have; expected '{name}', or a path alone.");
    }

    private static string Batch(Shape sample) => sample.Rank == 0 ? "[N]" : $"[N, {sample.ToString()[1..]}";

    private static void WriteArray(Utf8JsonWriter json, string member, string name, string path, Shape shape)
    {
        json.WriteStartObject(member);
        json.WriteString("name", name);
        json.WriteString("path", path);
        json.WriteShape("shape", shape);
        json.WriteEndObject();
    }
}

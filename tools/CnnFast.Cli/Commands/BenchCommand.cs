using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace CnnFast.Cli;

/// <summary><c>cnnfast bench</c>: how long a run of a model takes here.</summary>
internal static class BenchCommand
{
    public const int MaxBatch = 4096;

    public static Command Create(CommandHost host)
    {
        Argument<string> model = ModelSource.Argument();
        var other = new Argument<string?>("MODEL2")
        {
            Description = "A second model: both run in turns, and a verdict says whether it is faster, slower, or neither.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<int> batch = NumberOption.Whole("--batch", "Samples of one run.", 1, 1, MaxBatch);
        Option<string[]> shape = ShapeOption.Create();
        Option<int> threads = NumberOption.Whole("--threads",
            "Most threads to use; 0 means CNNFAST_NUM_THREADS where it is set, else every processor.", 1, 0, CommonOptions.MaxThreads);
        Option<double> seconds = NumberOption.Real("--seconds", "How long to measure, after a warm-up.", 2, 0, 3600);
        Option<ConvAlgorithm> algorithm = CommonOptions.Algorithm();
        var profile = new Option<bool>("--profile")
        {
            Description = "Time every node too: microseconds, GFLOP/s, percent of the processor's multiply-add peak measured in the same " +
                "run, kernel, bytes.",
        };
        var command = new ExampleCommand(
            "bench",
            "Times the runs of a model on this processor, on random numbers.",
            ["JSON: startMs (milliseconds from the file to a session that is warmed up), minUs, p50Us, p99Us, " +
                "meanUs (microseconds of one run), allocatedBytesPerRun, workspaceBytes, threads, and more.",
                "Of two models each round times both, who begins changes; rounds are drawn anew 2,000 times for the 99 % " +
                    "interval of the ratio of medians (MODEL2 over MODEL). " +
                    "Faster or slower is what the whole interval and at least 1 % speak for."],
            "cnnfast bench digits.safetensors",
            "cnnfast bench digits.safetensors --batch 32 --threads 0 --json",
            "cnnfast bench digits.safetensors --algorithm direct",
            "cnnfast bench digits.safetensors --profile",
            "cnnfast bench old.safetensors new.safetensors --seconds 10",
            "cnnfast bench zoo:resnet18 --threads 2 --profile",
            "cnnfast bench classifier.onnx --shape 1x3x48x192 --profile")
        {
            model, other, batch, shape, threads, seconds, algorithm, profile,
        };
        command.Brief = "Times the runs of a model on this processor";
        command.Rows = ["nodes"];
        command.SetAction(parse => parse.GetValue(other) is { } second
            ? Compare(host, [parse.GetValue(model)!, second], parse.GetResult(batch) is { Implicit: false } ? parse.GetValue(batch) : null,
                parse.GetValue(shape) ?? [], parse.GetValue(seconds), parse.GetValue(profile), parse.GetValue(CommonOptions.Json),
                new SessionOptions { MaxThreads = parse.GetValue(threads), ConvAlgorithm = parse.GetValue(algorithm) })
            : Run(
            host, parse.GetValue(model)!, parse.GetResult(batch) is { Implicit: false } ? parse.GetValue(batch) : null,
            parse.GetValue(shape) ?? [], parse.GetValue(threads), parse.GetValue(seconds), parse.GetValue(algorithm),
            parse.GetValue(profile), parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, string path, int? wantedBatch, string[] shapes, int threads, double seconds,
        ConvAlgorithm algorithm, bool profile, bool json)
    {
        long start = Stopwatch.GetTimestamp();
        (Model model, int batch, int sessionBatch) = Load(path, wantedBatch, shapes);
        TensorInfo largest = model.Inputs.Concat(model.Outputs).MaxBy(tensor => tensor.Shape.ElementCount)!;
        if ((long)sessionBatch * largest.Shape.ElementCount > Array.MaxLength)
            throw new InputException($"--batch is '{batch}'; that many samples of '{path}', whose '{largest.Name}' is {largest.Shape}, " +
                "do not fit one array; expected a smaller batch.");
        using var session = new InferenceSession(model,
            new SessionOptions { MaxThreads = threads, MaxBatch = sessionBatch, ConvAlgorithm = algorithm });
        double startMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var run = new BenchRun(session);
        RunTimes times = RunTimes.Measure(run, seconds, host.Stop);
        NodeTimes? nodes = profile ? NodeTimes.Measure(run, times) : null;
        double samplesPerSecond = batch * 1e6 / times.MeanUs;
        double gflops = 2e-9 * model.MultiplyAdds * samplesPerSecond * sessionBatch / batch;
        if (json)
        {
            JsonOutput.Write(host.Output, writer =>
            {
                writer.WriteNumber("startMs", Math.Round(startMs, 3));
                writer.WriteNumber("minUs", times.MinUs);
                writer.WriteNumber("p50Us", times.P50Us);
                writer.WriteNumber("p99Us", times.P99Us);
                writer.WriteNumber("meanUs", times.MeanUs);
                writer.WriteNumber("allocatedBytesPerRun", times.AllocatedBytesPerRun);
                writer.WriteNumber("workspaceBytes", session.WorkspaceBytes);
                writer.WriteNumber("weightBytes", session.WeightBytes);
                writer.WriteNumber("threads", session.MaxThreads);
                writer.WriteNumber("batch", batch);
                writer.WriteNumber("runs", times.Runs);
                writer.WriteNumber("samplesPerSecond", Math.Round(samplesPerSecond, 1));
                writer.WriteNumber("gflops", Math.Round(gflops, 3));
                writer.WriteString("cpu", CpuInfo.Name);
                nodes?.WriteJson(writer);
            });
            return ExitCodes.Done;
        }

        host.Output.WriteLine($"{model} on {CpuInfo.Name}");
        host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Batch {batch}, {session.MaxThreads} {(session.MaxThreads == 1 ? "thread" : "threads")}, {times.Runs:N0} runs; " +
                $"ready in {startMs:N1} ms, from the file to a warm session"));
        TextTable speed = new TextTable(host);
        foreach (string title in (ReadOnlySpan<string>)["min µs", "p50 µs", "p99 µs", "mean µs", "samples/s", "GFLOP/s"])
            speed.Number(title);
        speed.Row(Number(times.MinUs, "N1"), Number(times.P50Us, "N1"), Number(times.P99Us, "N1"), Number(times.MeanUs, "N1"),
            Number(samplesPerSecond, "N0"), Number(gflops, "N2"));
        speed.Write();
        host.Output.WriteLine();
        TextTable memory = new TextTable(host).Number("allocated B/run").Number("workspace B").Number("weights B");
        memory.Row(Number(times.AllocatedBytesPerRun, "0.##"), Number(session.WorkspaceBytes, "N0"), Number(session.WeightBytes, "N0"));
        memory.Write();
        nodes?.Write(host);
        return ExitCodes.Done;
    }

    private static int Compare(CommandHost host, string[] names, int? batch, string[] shapes, double seconds, bool profile, bool json,
        SessionOptions options)
    {
        if (profile)
            throw new InputException("--profile is of one model; expected no MODEL2 with it.");
        (Model Model, int Batch, int SessionBatch)[] loaded = [.. names.Select(name => Load(name, batch, shapes))];
        if (loaded[0].Batch != loaded[1].Batch)
            throw new InputException($"'{names[0]}' runs {loaded[0].Batch} samples at once and '{names[1]}' {loaded[1].Batch}; " +
                "expected as many of both.");
        using var a = new InferenceSession(loaded[0].Model, options with { MaxBatch = loaded[0].SessionBatch });
        using var b = new InferenceSession(loaded[1].Model, options with { MaxBatch = loaded[1].SessionBatch });
        return BenchComparison.Run(host, names, [a, b], seconds, json);
    }

    private static (Model Model, int Batch, int SessionBatch) Load(string path, int? batch, string[] shapes)
    {
        if (!ModelSource.IsOnnx(path))
            return (ModelSource.LoadWithoutShapes(path, shapes), batch ?? 1, batch ?? 1);
        OnnxSource source = OnnxSource.Load(path, shapes, batch);
        return (source.Model, source.Batch, source.SessionBatch);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

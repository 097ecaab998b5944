using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CnnFast.Visualization;

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
        Option<WeightPrecision> weights = CommonOptions.Precision();
        var profile = new Option<bool>("--profile")
        {
            Description = "Time every node too: microseconds, GFLOP/s, percent of the processor's multiply-add peak measured in the same " +
                "run, kernel, bytes.",
        };
        var save = new Option<string?>("--save")
        {
            Description = "Keep the times in this file, for --baseline of later runs.",
            HelpName = "FILE.json",
        };
        var baseline = new Option<string?>("--baseline")
        {
            Description = "Compare with a file that --save wrote, with a verdict.",
            HelpName = "FILE.json",
        };
        var report = new Option<string?>("--report")
        {
            Description = "Write a page: every node beside the roofline measured in the same run, kernels, the arena over time.",
            HelpName = "FILE.html",
        };
        var command = new ExampleCommand(
            "bench",
            "Times the runs of a model on this processor, on random numbers.",
            ["JSON: startMs (milliseconds from the file to a session that is warmed up), minUs, p50Us, p99Us, " +
                "meanUs (microseconds of one run), allocatedBytesPerRun, workspaceBytes, threads, and more; baseline " +
                    "(verdict, low, high, ratioOfMedians, ratioOfPeaks). Of two models: verdict, ratioOfMedians, low, high and more.",
                "Of two models each round times both, who begins changes; stretches of ten rounds are drawn anew 2,000 times for the " +
                    "99 % interval of the ratio of medians (MODEL2 over MODEL). " +
                    "Faster or slower is what the whole interval and at least 3 % speak for.",
                "Against --baseline stretches of ten rounds are drawn; at least 3 % must speak for it, and more than the multiply-add " +
                    "peak of the processor changed by since. Another processor gets no verdict."],
            "cnnfast bench digits.safetensors",
            "cnnfast bench digits.safetensors --batch 32 --threads 0 --json",
            "cnnfast bench digits.safetensors --algorithm direct",
            "cnnfast bench digits.safetensors --profile",
            "cnnfast bench old.safetensors new.safetensors --seconds 10",
            "cnnfast bench zoo:resnet18 --threads 2 --profile",
            "cnnfast bench zoo:resnet18 --report time.html",
            "cnnfast bench zoo:vgg16 --weights bfloat16",
            "cnnfast bench net.onnx --save before.json",
            "cnnfast bench net.onnx --baseline before.json --save after.json",
            "cnnfast bench classifier.onnx --shape 1x3x48x192 --profile")
        {
            model, other, batch, shape, threads, seconds, algorithm, weights, profile, save, baseline, report,
        };
        command.Brief = "Times the runs of a model on this processor";
        command.Rows = ["nodes"];
        command.SetAction(parse =>
        {
            var request = new BenchRequest(parse.GetValue(model)!, parse.GetValue(shape) ?? [])
            {
                Batch = parse.GetResult(batch) is { Implicit: false } ? parse.GetValue(batch) : null,
                Seconds = parse.GetValue(seconds),
                Options = new SessionOptions
                {
                    MaxThreads = parse.GetValue(threads),
                    ConvAlgorithm = parse.GetValue(algorithm),
                    WeightPrecision = parse.GetValue(weights),
                },
                Profile = parse.GetValue(profile),
                Json = parse.GetValue(CommonOptions.Json),
                Save = parse.GetValue(save) is { } file ? OutputPath.RequireWritable("--save", file) : null,
                Baseline = parse.GetValue(baseline),
                Report = parse.GetValue(report) is { } page ? OutputPath.RequirePage("--report", page) : null,
            };
            return parse.GetValue(other) is { } second ? Compare(host, request, second) : Run(host, request);
        });
        return command;
    }

    private static int Run(CommandHost host, BenchRequest request)
    {
        BenchBaseline? before = request.Baseline is { } file ? BenchBaseline.Load(file) : null;
        string path = request.Model;
        long start = Stopwatch.GetTimestamp();
        (Model model, int batch, int sessionBatch) = Load(path, request);
        using var session = new InferenceSession(model, request.Options with { MaxBatch = sessionBatch });
        double startMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        before?.RequireSameWork(request.Baseline!, session.MaxThreads, batch);
        var run = new BenchRun(session);
        RunTimes times = RunTimes.Measure(run, request.Seconds, host.Stop);
        NodeTimes? nodes = request.Profile || request.Report is not null ? NodeTimes.Measure(run, times) : null;
        BenchBaseline? now = before is null && request.Save is null ? null : BenchBaseline.Of(path, session, batch, times);
        if (request.Save is { } save)
            now!.Save(save);
        if (request.Report is { } page)
            Report(page, path, session, batch, times, nodes!, request.Options.ConvAlgorithm);
        var result = new BenchResult(model, session, batch, startMs, times)
        {
            Nodes = request.Profile ? nodes : null,
            Comparison = before is null ? null : new BaselineComparison(request.Baseline!, before, now!),
        };
        if (request.Json)
            result.WriteJson(host.Output);
        else
            result.WriteText(host);
        return ExitCodes.Done;
    }

    private static void Report(string page, string path, InferenceSession session, int batch, RunTimes times, NodeTimes nodes,
        ConvAlgorithm algorithm) =>
        new BenchReport(session.DescribePlan(), nodes.Nodes, new BenchReportOptions
        {
            Title = $"Time of {Path.GetFileName(path)}",
            Description = string.Create(CultureInfo.InvariantCulture,
                $"Batch {batch}, {session.MaxThreads} {(session.MaxThreads == 1 ? "thread" : "threads")}, " +
                $"{times.Runs:N0} runs on {CpuInfo.Description}."),
            Threads = session.MaxThreads,
            Batch = batch,
            RunMicroseconds = times.AllUs,
            Configuration = [new("model", path), new("algorithm", algorithm.ToString())],
        }).Save(page);

    private static int Compare(CommandHost host, BenchRequest request, string other)
    {
        string? of = request.Profile ? "--profile is" : request.Report is not null ? "--report is"
            : request.Save is not null ? "--save is" : request.Baseline is not null ? "--baseline is" : null;
        if (of is not null)
            throw new InputException($"{of} of one model; expected no MODEL2 with it.");
        string[] names = [request.Model, other];
        (Model Model, int Batch, int SessionBatch)[] loaded = [.. names.Select(name => Load(name, request))];
        if (loaded[0].Batch != loaded[1].Batch)
            throw new InputException($"'{names[0]}' runs {loaded[0].Batch} samples at once and '{names[1]}' {loaded[1].Batch}; " +
                "expected as many of both.");
        using var a = new InferenceSession(loaded[0].Model, request.Options with { MaxBatch = loaded[0].SessionBatch });
        using var b = new InferenceSession(loaded[1].Model, request.Options with { MaxBatch = loaded[1].SessionBatch });
        return BenchComparison.Run(host, names, [a, b], request.Seconds, request.Json);
    }

    private static (Model Model, int Batch, int SessionBatch) Load(string path, BenchRequest request)
    {
        OnnxSource? source = ModelSource.IsOnnx(path) ? OnnxSource.Load(path, request.Shapes, request.Batch) : null;
        Model model = source?.Model ?? ModelSource.LoadWithoutShapes(path, request.Shapes);
        (int batch, int sessionBatch) = source is null ? (request.Batch ?? 1, request.Batch ?? 1) : (source.Batch, source.SessionBatch);
        TensorInfo largest = model.Inputs.Concat(model.Outputs).MaxBy(tensor => tensor.Shape.ElementCount)!;
        if ((long)sessionBatch * largest.Shape.ElementCount > Array.MaxLength)
            throw new InputException($"--batch is '{batch}'; that many samples of '{path}', whose '{largest.Name}' is {largest.Shape}, " +
                "do not fit one array; expected a smaller batch.");
        return (model, batch, sessionBatch);
    }
}

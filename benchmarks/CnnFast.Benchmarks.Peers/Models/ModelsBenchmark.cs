using System.Globalization;
using CnnFast.Cli;
using Microsoft.ML.OnnxRuntime;
using Spectre.Console;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Runs the models, prints and keeps the rows, and holds them against the targets.</summary>
internal static class ModelsBenchmark
{
    public static int Run(ModelsOptions options)
    {
        string[] names = [.. ModelCatalog.Names.Where(options.Wants)];
        if (names.Length == 0 && !NoteCatalog.Keys.Any(options.Wants))
        {
            System.Console.Error.WriteLine($"No model has a name that contains '{options.Filter}'; there are {string.Join(", ", ModelCatalog.Names.Concat(NoteCatalog.Keys))}.");
            return ExitCodes.BadInput;
        }

        ModelTargets targets = ModelTargets.Read();
        string pinning = CpuPinning.Pin(options.Threads);
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        string head = string.Create(CultureInfo.InvariantCulture, $"{CpuInfo.Name}, processor tier {CpuInfo.Isa}, {options.Threads} thread(s), batch {options.Batch}, {pinning}; ONNX Runtime {OrtEnv.Instance().GetVersionString()}");
        IAnsiConsole console = PeersBenchmark.CreateConsole();
        foreach (string line in (string[])[head, ModelText.Legend, ModelText.Heading])
            console.WriteLine(line);

        var timer = new ModelTimer(options.Batch, options.Threads, options.Seconds);
        var rows = new List<ModelRow>();
        var lines = new List<string>();
        var verdicts = new List<ModelVerdict>();
        foreach (string name in names)
        {
            ModelRow row = timer.Run(name);
            rows.Add(row);
            IReadOnlyList<ModelVerdict> judged = targets.Judge(row);
            verdicts.AddRange(judged);
            lines.Add(ModelText.Line(row, judged));
            Print(console, lines[^1], judged);
        }

        var notes = new List<ModelNote>();
        foreach (ModelNote note in NoteCatalog.Measure(options, targets))
        {
            notes.Add(note);
            ModelVerdict[] judged = note.Verdict is null ? [] : [note.Verdict];
            verdicts.AddRange(judged);
            lines.Add(ModelText.Line(note));
            Print(console, lines[^1], judged);
        }

        if (options.Save)
            console.WriteLine($"Kept in {ModelResults.Merge(options, [head, ModelText.Legend, ModelText.Heading], lines)}");
        if (options.Json is not null)
            ModelJson.Write(options, rows, notes, verdicts);
        return Judge(console, rows, verdicts, options.Check);
    }

    private static void Print(IAnsiConsole console, string line, IReadOnlyList<ModelVerdict> verdicts)
    {
        Style style = verdicts.Count == 0 ? Style.Plain : new Style(verdicts.All(v => v.Reached) ? Color.Green : Color.Yellow);
        console.WriteLine(line, style);
    }

    private static int Judge(IAnsiConsole console, List<ModelRow> rows, List<ModelVerdict> verdicts, bool check)
    {
        string[] wrong = [.. rows.Select(row => row.Wrong).OfType<string>()];
        foreach (string sentence in wrong)
            console.WriteLine("Wrong output: " + sentence, new Style(Color.Red));
        ModelVerdict[] under = [.. verdicts.Where(v => !v.Reached)];
        if (check)
        {
            foreach (ModelVerdict verdict in under)
                console.WriteLine($"{verdict.Model}: {verdict}", new Style(Color.Yellow));
        }

        console.WriteLine($"{verdicts.Count - under.Length} targets are reached, {under.Length} are not.");
        return wrong.Length > 0 || (check && under.Length > 0) ? ExitCodes.Failed : ExitCodes.Done;
    }
}

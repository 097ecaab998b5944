using System.Globalization;
using CnnFast.Cli;
using Spectre.Console;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Trains the models in both engines, prints and keeps the rows.</summary>
internal static class TrainingBenchmark
{
    public static int Run(TrainingOptions options)
    {
        TrainingCase[] trainings = [.. TrainingCatalog.All.Where(training => options.Wants(training.Name))];
        if (trainings.Length == 0)
        {
            System.Console.Error.WriteLine($"No model has a name that contains '{options.Filter}'; " +
                $"there are {string.Join(", ", TrainingCatalog.All.Select(training => training.Name))}.");
            return ExitCodes.BadInput;
        }

        // Where nothing can be kept, it is said before the minutes that the rows take.
        if (options.Save)
            _ = CpuFolder.Path;
        string pinning = CpuPinning.Pin(options.Threads);
        NativeLibraries.SetVariable("OMP_NUM_THREADS", options.Threads.ToString(CultureInfo.InvariantCulture));
        bool hasPeer = TorchSharpBridge.TryLoad(options.Threads, out string absent);
        string peer = hasPeer ? $"libtorch {TorchEngine.Version()} through TorchSharp" : absent;
        string[] head =
        [
            string.Create(CultureInfo.InvariantCulture,
                $"{CpuInfo.Description}, processor tier {CpuInfo.Isa}, {options.Threads} thread(s), training, {pinning}; {peer}"),
            TrainingText.Legend,
            TrainingText.Heading,
        ];
        IAnsiConsole console = PeersBenchmark.CreateConsole();
        foreach (string line in head)
            console.WriteLine(line);
        var timer = new TrainingTimer(options.Threads, options.Seconds, hasPeer);
        var rows = new List<TrainingRow>();
        foreach (TrainingCase training in trainings)
        {
            rows.Add(timer.Run(training, options.Batch ?? training.Batch));
            console.WriteLine(TrainingText.Line(rows[^1]));
        }

        if (options.Save)
        {
            string name = ModelResults.NameFor("training", options.Threads) + (options.Batch is { } batch ? $"-batch-{batch}" : "");
            console.WriteLine($"Kept in {ModelResults.Merge(name, head, rows.Select(TrainingText.Line),
                TrainingCatalog.All.Select(training => training.Name))}");
        }

        if (options.Json is not null)
            TrainingJson.Write(options.Json, options.Threads, rows);
        string[] wrong = [.. rows.Select(row => row.Losses.Wrong).OfType<string>()];
        foreach (string sentence in wrong)
            console.WriteLine("Wrong loss: " + sentence, new Style(Color.Red));
        return wrong.Length > 0 ? ExitCodes.Failed : ExitCodes.Done;
    }
}

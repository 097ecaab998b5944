using System.CommandLine;
using System.Globalization;
using CnnFast.Cli;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// What the benchmark of training starts in a process of its own: how far a model's first steps raise the memory of a process that has
/// done nothing else.
/// </summary>
internal static class TrainingMemoryCommand
{
    public const string Name = "training-memory";

    private const int Steps = 5;

    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A model of the training benchmark." };
        var batch = new Argument<int>("batch") { Description = "Samples of a step." };
        var threads = new Argument<int>("threads") { Description = "Threads of the engine." };
        var engine = new Argument<string>("engine") { Description = "cnnfast, or a memory format of libtorch." };
        var command = new Command(Name, "Prints the megabytes that the first steps of training need.") { model, batch, threads, engine };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            TrainingCase training = TrainingCatalog.All.First(training => training.Name == parsed.GetValue(model));
            double megabytes = Measure(training, parsed.GetValue(batch), parsed.GetValue(threads), parsed.GetValue(engine)!);
            Console.Out.WriteLine(megabytes.ToString("R", CultureInfo.InvariantCulture));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The megabytes of one engine, from a process of its own; NaN where the system does not say.</summary>
    public static double MeasureApart(TrainingCase training, int batch, int threads, TrainingRunner runner) => ColdProcess.MeasureOnce(
        Name,
        training.Name,
        batch.ToString(CultureInfo.InvariantCulture),
        threads.ToString(CultureInfo.InvariantCulture),
        runner is TorchTraining ? runner.Variant : runner.Engine);

    private static double Measure(TrainingCase training, int batch, int threads, string engine)
    {
        bool isPeer = engine != CnnFastTraining.Name;
        if (isPeer && !TorchSharpBridge.TryLoad(threads, out _))
            return double.NaN;
        var memory = new PeakMemory();
        using TrainingRunner runner = isPeer
            ? new TorchTraining(training, batch, engine == TorchTraining.ChannelsLast)
            : new CnnFastTraining(training, batch, threads);
        for (int i = 0; i < Steps; i++)
            runner.Run();
        return memory.Megabytes;
    }
}

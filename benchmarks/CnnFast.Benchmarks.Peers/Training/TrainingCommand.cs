using System.CommandLine;
using System.CommandLine.Help;
using CnnFast.Cli;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The command line of the benchmark of training.</summary>
internal static class TrainingCommand
{
    private static readonly string[] s_notes =
    [
        "A step is forward, loss, backward and optimizer on one batch in memory. Both engines start from the same weights and take turns " +
            "in one process, on the same processors and threads; the losses of the first steps are checked against each other.",
        $"Where TorchSharp's native bridge does not load, {TorchSharpBridge.Variable} may name another build of it.",
        "Exit codes: 0 done; 1 a loss is wrong; 2 bad usage.",
    ];

    public static ExampleCommand Create()
    {
        var filter = new Option<string>("--filter")
        {
            Description = "Run the models whose name contains this text; several, separated by commas.",
            DefaultValueFactory = _ => "",
        };
        var batch = new Option<int?>("--batch") { Description = "Samples of a step, for every model; each has its own otherwise." };
        batch.Validators.Add(result => PeersCommand.Require(
            result, result.GetValueOrDefault<int?>() is null or (>= 1 and <= 1024), "--batch must be from 1 to 1024."));
        var threads = new Option<int>("--threads") { Description = "Threads of each engine.", DefaultValueFactory = _ => 1 };
        threads.Validators.Add(result => PeersCommand.Require(result,
            result.GetValueOrDefault<int>() >= 1 && result.GetValueOrDefault<int>() <= Environment.ProcessorCount,
            $"--threads must be from 1 to the {Environment.ProcessorCount} processors of this machine."));
        var seconds = new Option<double>("--seconds") { Description = "Seconds for each engine and model.", DefaultValueFactory = _ => 2 };
        seconds.Validators.Add(result =>
            PeersCommand.Require(result, result.GetValueOrDefault<double>() is > 0 and <= 60, "--seconds must be above 0 and at most 60."));
        var json = new Option<string?>("--json") { Description = "Write the rows to this file as JSON." };
        var save = new Option<bool>("--save")
        {
            Description = "Put the rows into benchmarks/results/<cpu>/training-<N>-thread[s].txt; rows that did not run stay.",
        };
        var command = new ExampleCommand(
            "training",
            "Times steps of training against libtorch through TorchSharp.",
            s_notes,
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- training --save",
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- training --filter resnet18,lenet5 --batch 64")
        {
            filter, batch, threads, seconds, json, save,
        };
        var help = new HelpOption();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        command.Add(help);
        command.SetAction(parsed => TrainingBenchmark.Run(new TrainingOptions(
            parsed.GetValue(filter)!,
            parsed.GetValue(batch),
            parsed.GetValue(threads),
            parsed.GetValue(seconds),
            parsed.GetValue(json),
            parsed.GetValue(save))));
        return command;
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using CnnFast.Cli;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The command line of the models benchmark.</summary>
internal static class ModelsCommand
{
    private static readonly string[] s_notes =
    [
        "Both engines take turns in one process, on the same processors and the same number of threads, with their buffers bound; " +
            "outputs are checked against each other.",
        "Targets: benchmarks/shapes/models.targets. Exit codes: 0 done; 1 an output is wrong or, with --check, a target is missed; " +
            "2 bad usage.",
    ];

    public static ExampleCommand Create()
    {
        var filter = new Option<string>("--filter")
        {
            Description = "Run the models whose name contains this text; several, separated by commas.",
            DefaultValueFactory = _ => "",
        };
        var batch = new Option<int>("--batch") { Description = "Samples of a run.", DefaultValueFactory = _ => 1 };
        batch.Validators.Add(result =>
            PeersCommand.Require(result, result.GetValueOrDefault<int>() is >= 1 and <= 1024, "--batch must be from 1 to 1024."));
        var threads = new Option<int>("--threads") { Description = "Threads of each engine.", DefaultValueFactory = _ => 1 };
        threads.Validators.Add(result => PeersCommand.Require(result,
            result.GetValueOrDefault<int>() >= 1 && result.GetValueOrDefault<int>() <= Environment.ProcessorCount,
            $"--threads must be from 1 to the {Environment.ProcessorCount} processors of this machine."));
        var seconds = new Option<double>("--seconds") { Description = "Seconds for each engine and model.", DefaultValueFactory = _ => 1 };
        seconds.Validators.Add(result =>
            PeersCommand.Require(result, result.GetValueOrDefault<double>() is > 0 and <= 60, "--seconds must be above 0 and at most 60."));
        var json = new Option<string?>("--json") { Description = "Write the rows to this file as JSON." };
        var check = new Option<bool>("--check") { Description = "Exit with 1 where a target is missed." };
        var save = new Option<bool>("--save")
        {
            Description = "Put the rows into benchmarks/results/<cpu>/models-<N>-thread-batch-<B>.txt; rows that did not run stay.",
        };
        var steadyOnly = new Option<bool>("--steady-only")
        {
            Description = "Leave out the first second, which takes each engine a process of its own.",
        };
        var command = new ExampleCommand(
            "models",
            "Times whole models against ONNX Runtime on the exported file, default and tuned: best, median and 99th percentile of single " +
                "runs.",
            s_notes,
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- models --save",
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- models --filter lenet5,mnist --threads 2 --batch 16 " +
                "--check")
        {
            filter, batch, threads, seconds, json, check, save, steadyOnly,
        };
        var help = new HelpOption();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        command.Add(help);
        command.SetAction(parsed => ModelsBenchmark.Run(new ModelsOptions(
            parsed.GetValue(filter)!,
            parsed.GetValue(batch),
            parsed.GetValue(threads),
            parsed.GetValue(seconds),
            parsed.GetValue(json),
            parsed.GetValue(check),
            parsed.GetValue(save),
            parsed.GetValue(steadyOnly))));
        return command;
    }
}

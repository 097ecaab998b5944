using System.CommandLine;
using System.CommandLine.Help;
using CnnFast.Cli;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The command line of the benchmark of ONNX files.</summary>
internal static class OnnxCommand
{
    private static readonly string[] s_notes =
    [
        "Both engines run the same file in turns in one process, on the same processors, threads and inputs, with their buffers bound; " +
            "every output is checked. Inputs are input_0.npy, … beside the file where they fit, else random.",
        "Load is the time from the file to a session ready to run, in a warm process and as the first thing that a process does.",
        "Targets: benchmarks/shapes/onnx.targets. Exit codes: 0 done; 1 an output is wrong or, with --check, a target is missed; " +
            "2 bad usage or a model that is not supported.",
    ];

    public static ExampleCommand Create()
    {
        var files = new Argument<string[]>("files")
        {
            Description = "ONNX files; without any, the trained models of the tests.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var families = new Option<string[]>("--family")
        {
            Description = $"Generated models of real size with random weights: all, {string.Join(", ", FamilyCatalog.Names)}.",
            DefaultValueFactory = _ => [],
            AllowMultipleArgumentsPerToken = true,
        };
        families.AcceptOnlyFromAmong(["all", .. FamilyCatalog.Names]);
        var shape = new Option<string[]>("--shape")
        {
            Description = "The dimensions of an input, such as x=1x3x48x192, where a file leaves some open; without a name, " +
                "those of the first input.",
            DefaultValueFactory = _ => [],
        };
        shape.Validators.Add(result =>
        {
            try
            {
                InputShapes.Parse(result.Tokens.Select(token => token.Value));
            }
            catch (FormatException e)
            {
                result.AddError(e.Message);
            }
        });
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
            Description = "Put the rows into benchmarks/results/<cpu>/onnx-<N>-thread[s].txt; rows that did not run stay.",
        };
        var profile = new Option<bool>("--profile") { Description = "Print our slowest nodes." };
        var runsOnly = new Option<bool>("--runs-only") { Description = "Leave out the times of loading." };
        var steadyOnly = new Option<bool>("--steady-only")
        {
            Description = "Leave out the first second, which takes each engine a process of its own.",
        };
        var command = new ExampleCommand(
            "onnx",
            "Times ONNX files, imported, against ONNX Runtime on the same files: runs and loading.",
            s_notes,
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- onnx --save",
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- onnx detector.onnx --shape 1x3x640x640 --threads 2 " +
                "--profile",
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- onnx --family text-scales faces --profile --runs-only",
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- onnx a.onnx b.onnx --seconds 3 --check --json " +
                "onnx.json")
        {
            files, families, shape, threads, seconds, json, check, save, profile, runsOnly, steadyOnly,
        };
        var help = new HelpOption();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        command.Add(help);
        command.SetAction(parsed => OnnxBenchmark.Run(new OnnxOptions(
            parsed.GetValue(files)!,
            parsed.GetValue(families)!,
            InputShapes.Parse(parsed.GetValue(shape)!),
            parsed.GetValue(threads),
            parsed.GetValue(seconds),
            parsed.GetValue(json),
            parsed.GetValue(check),
            parsed.GetValue(save),
            parsed.GetValue(profile),
            parsed.GetValue(runsOnly),
            parsed.GetValue(steadyOnly))));
        return command;
    }
}

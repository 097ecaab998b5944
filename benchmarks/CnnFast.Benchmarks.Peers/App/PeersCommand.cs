using System.CommandLine;
using System.CommandLine.Help;
using CnnFast.Cli;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The command line of the peers benchmark.</summary>
internal static class PeersCommand
{
    private static readonly string[] s_notes =
    [
        "Engines take turns in one process, on the same processors and the same number of threads; " +
            "every result is checked against the reference.",
        "A peer that is not installed is named and left out. oneDNN comes from the system (on Debian: apt-get install libdnnl-dev).",
        "Targets: benchmarks/shapes/peers.targets. Exit codes: 0 done; 1 a result is wrong or, with --check, a row is under its target; " +
            "2 bad usage.",
    ];

    public static int Run(string[] args)
    {
        ParseResult parse = Create().Parse(args);
        if (parse.Errors.Count == 0 || parse.Action is ExamplesHelpAction)
            return Invoke(parse);
        Console.Error.WriteLine($"{parse.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd()} (see --help)");
        return ExitCodes.BadInput;
    }

    // A program that was copied elsewhere says what it misses.
    private static int Invoke(ParseResult parse)
    {
        try
        {
            return parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (MissingPart.Is(exception))
        {
            Console.Error.WriteLine($"This run misses something: {MissingPart.Describe(exception)}.");
            return ExitCodes.BadInput;
        }
    }

    private static ExampleCommand Create()
    {
        var filter = new Option<string>("--filter")
        {
            Description = "Run the shapes whose name contains this text; several, separated by commas.",
            DefaultValueFactory = _ => "",
        };
        var pass = new Option<string?>("--pass") { Description = "Run this pass alone." };
        pass.AcceptOnlyFromAmong([.. Enum.GetValues<ConvolutionPass>().Select(p => p.Name())]);
        var threads = new Option<int>("--threads") { Description = "Threads of each engine.", DefaultValueFactory = _ => 1 };
        threads.Validators.Add(result => Require(result,
            result.GetValueOrDefault<int>() >= 1 && result.GetValueOrDefault<int>() <= Environment.ProcessorCount,
            $"--threads must be from 1 to the {Environment.ProcessorCount} processors of this machine."));
        var seconds = new Option<double>("--seconds") { Description = "Seconds for each engine and row.", DefaultValueFactory = _ => 0.2 };
        seconds.Validators.Add(result =>
            Require(result, result.GetValueOrDefault<double>() is > 0 and <= 60, "--seconds must be above 0 and at most 60."));
        var isa = new Option<string?>("--isa")
        {
            Description = "Limit CnnFast, libtorch and oneDNN to this tier: what a processor without AVX-512 would show. " +
                "ONNX Runtime cannot be limited.",
        };
        isa.AcceptOnlyFromAmong([.. IsaLimit.Tiers.Select(tier => tier.ToString())]);
        isa.Validators.Add(result => Require(result,
            result.Tokens.Count == 0 || !Enum.TryParse(result.Tokens[0].Value, out IsaLevel tier) || CpuInfo.IsSupported(tier),
            "This processor does not support the tier of --isa."));
        var json = new Option<string?>("--json") { Description = "Write the rows to this file as JSON." };
        var check = new Option<bool>("--check") { Description = "Exit with 1 and list the rows under their target." };
        var save = new Option<bool>("--save")
        {
            Description = "Put the rows into benchmarks/results/<cpu>/peers-<N>-thread[-<isa>].txt; rows that did not run stay.",
        };
        var root = new ExampleCommand(
            "peers",
            "Times CnnFast's convolutions against ONNX Runtime, libtorch and oneDNN on the shapes of benchmarks/shapes.",
            s_notes,
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- --save",
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- --filter 3x3_64_64_56 --pass forward",
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- --filter dw_,ln_ --threads 2 --seconds 0.5",
            "dotnet run -c Release --project benchmarks/CnnFast.Benchmarks.Peers -- --isa Avx2 --check --json peers.json")
        {
            filter, pass, threads, isa, seconds, json, check, save,
        };
        var help = new HelpOption();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        root.Add(help);
        root.Add(ModelsCommand.Create());
        root.Add(OnnxCommand.Create());
        root.Add(TrainingCommand.Create());
        root.Add(StartCommand.Create());
        root.Add(LoadCommand.Create());
        root.Add(FirstSecondCommand.Create());
        root.Add(TrainingMemoryCommand.Create());
        root.SetAction(parsed => PeersBenchmark.Run(new PeersOptions(
            parsed.GetValue(filter)!,
            parsed.GetValue(pass) is { } name ? ConvolutionPassNames.Parse(name) : null,
            parsed.GetValue(threads),
            parsed.GetValue(isa) is { } tier ? Enum.Parse<IsaLevel>(tier) : null,
            parsed.GetValue(seconds),
            parsed.GetValue(json),
            parsed.GetValue(check),
            parsed.GetValue(save))));
        return root;
    }

    public static void Require(System.CommandLine.Parsing.OptionResult result, bool holds, string sentence)
    {
        if (!holds)
            result.AddError(sentence);
    }
}

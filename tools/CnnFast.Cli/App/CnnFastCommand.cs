using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace CnnFast.Cli;

/// <summary>The <c>cnnfast</c> command: parses, runs one job, and turns every ending into an exit code.</summary>
internal static class CnnFastCommand
{
    private const string Description = "Trains and runs convolutional networks on the CPU, in C# alone.";

    private static readonly string[] Notes =
    [
        "Results go to standard output, progress and errors to standard error. '-' means standard input or output where run, predict, " +
            "visualize and convert read, and run, convert and inspect --graph write.",
        "Exit codes: 0 done; 1 the job failed, was stopped, or a check did not hold; 2 bad usage or bad input.",
        "Environment: CNNFAST_ISA limits the kernels (Scalar, V128, Avx2, ...), CNNFAST_NUM_THREADS sets the threads, "
            + "CNNFAST_DEBUG=1 adds stack traces to errors, NO_COLOR=1 takes colours away.",
    ];

    /// <summary>How command lines are parsed: none names a file that holds more of it.</summary>
    public static ParserConfiguration Parsing => new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public static int Run(string[] args, CommandHost host)
    {
        if (args is [] or ["-v"])
            args = args.Length == 0 ? ["--help"] : ["--version"];
        ParseResult parse = Create(host).Parse(args, Parsing);
        if (parse.Errors.Count > 0 && parse.Action is not ExamplesHelpAction)
        {
            host.Error.WriteLine(UsageSentence.Of(parse));
            return ExitCodes.BadInput;
        }

        // Help is shown whatever stands beside it; options may have values that are none.
        bool helps = parse.Action is ExamplesHelpAction;
        using var rows = new StringWriter(CultureInfo.InvariantCulture);
        bool csv = !helps && parse.GetValue(CommonOptions.Format) == OutputFormat.Csv;
        CommandHost asked = helps ? host : host with
        {
            Output = csv ? rows : Folded(host.Output, host.OutputIsTerminal, host.OutputConsole),
            Error = Folded(host.Error, host.ErrorIsTerminal, host.ErrorConsole),
            Format = parse.GetValue(CommonOptions.Format),
            Quiet = parse.GetValue(CommonOptions.Quiet),
            Verbose = parse.GetValue(CommonOptions.Verbose),
            Colour = !parse.GetValue(CommonOptions.NoColor) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
        int code = Invoke(Create(asked).Parse(args, Parsing), asked);
        if (csv && rows.ToString() is { Length: > 0 } json && parse.CommandResult.Command is ExampleCommand command)
            CsvOutput.Write(host.Output, json, command.Rows);
        host.Output.Flush();
        host.Error.Flush();
        return code;
    }

    private static TextWriter Folded(TextWriter writer, bool isTerminal, Func<IAnsiConsole> console) =>
        isTerminal ? new FoldedWriter(writer, Math.Max(CommandHost.UsualWidth, console().Profile.Width)) : writer;

    /// <summary>The whole command, to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        ExampleCommand root = CreateRoot(host);
        foreach (Option option in (ReadOnlySpan<Option>)[CommonOptions.Format, CommonOptions.Json, CommonOptions.Quiet,
            CommonOptions.Verbose, CommonOptions.NoColor, new VersionOption()])
            root.Add(option);
        var help = new HelpOption();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        root.Add(help);
        ShortOptions.AddTo(root);
        return root;
    }

    private static int Invoke(ParseResult parse, CommandHost host)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            if (parse.Action is not ExamplesHelpAction)
            {
                EnvironmentCheck.ThrowIfWrong();
                host.Details.WriteLine($"cnnfast {RunningProgram.Version}, {RunningProgram.Compilation}: kernels of {CpuInfo.Isa} on " +
                    $"{CpuInfo.Name}, {CpuInfo.DefaultThreads} threads by default");
            }

            int code = parse.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = host.Output,
                Error = host.Error,
                ProcessTerminationTimeout = null,
            });
            host.Details.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"It took {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s."));
            return code;
        }
#pragma warning disable CA1031 // The last line of defence: whatever it is, the user reads one sentence and the shell gets an exit code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ErrorReport.Write(exception, host.Error);
        }
    }

    private static ExampleCommand CreateRoot(CommandHost host)
    {
        var root = new ExampleCommand("cnnfast", Description, Notes, "cnnfast train", "cnnfast predict digits.safetensors seven.png",
            "cnnfast train --help")
        {
            TrainCommand.Create(host),
            LrFindCommand.Create(host),
            EvaluateCommand.Create(host),
            PredictCommand.Create(host),
            VisualizeCommand.Create(host),
            RunCommand.Create(host),
            BenchCommand.Create(host),
            InspectCommand.Create(host),
            ConvertCommand.Create(host),
            CompareCommand.Create(host),
            VerifyCommand.Create(host),
            GradcheckCommand.Create(host),
            InfoCommand.Create(host),
            CompletionCommand.Create(host),
            CompleteCommand.Create(host),
        };
        return root;
    }
}

using System.CommandLine;
using System.CommandLine.Help;

namespace CnnFast.Cli;

/// <summary>The <c>cnnfast</c> command: parses, runs one job, and turns every ending into an exit code.</summary>
internal static class CnnFastCommand
{
    private const string Description = "Trains and runs convolutional networks on the CPU, in C# alone.";

    private static readonly string[] Notes =
    [
        "Results go to standard output, progress and errors to standard error; --json makes the results machine-readable.",
        "Exit codes: 0 done; 1 the job failed, was stopped, or a check did not hold; 2 bad usage or bad input.",
        "Environment: CNNFAST_ISA limits the kernels (Scalar, V128, Avx2, ...), CNNFAST_NUM_THREADS sets the threads, "
            + "CNNFAST_DEBUG=1 adds stack traces to errors.",
    ];

    public static int Run(string[] args, CommandHost host)
    {
        Command root = Create(host);
        if (args is [] or ["-v"])
            args = args.Length == 0 ? ["--help"] : ["--version"];
        ParseResult parse = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0 && parse.Action is not ExamplesHelpAction)
        {
            host.Error.WriteLine(UsageSentence(parse));
            return ExitCodes.BadInput;
        }

        try
        {
            if (parse.Action is not ExamplesHelpAction)
                EnvironmentCheck.ThrowIfWrong();
            return parse.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = host.Output,
                Error = host.Error,
                ProcessTerminationTimeout = null,
            });
        }
#pragma warning disable CA1031 // The last line of defence: whatever it is, the user reads one sentence and the shell gets an exit code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ErrorReport.Write(exception, host.Error);
        }
        finally
        {
            host.Output.Flush();
            host.Error.Flush();
        }
    }

    private static ExampleCommand Create(CommandHost host)
    {
        var root = new ExampleCommand("cnnfast", Description, Notes, "cnnfast train", "cnnfast predict digits.safetensors seven.png",
            "cnnfast train --help")
        {
            TrainCommand.Create(host),
            LrFindCommand.Create(host),
            EvaluateCommand.Create(host),
            PredictCommand.Create(host),
            RunCommand.Create(host),
            BenchCommand.Create(host),
            InspectCommand.Create(host),
            ConvertCommand.Create(host),
            CompareCommand.Create(host),
            VerifyCommand.Create(host),
            GradcheckCommand.Create(host),
            InfoCommand.Create(host),
        };
        root.Add(CommonOptions.Json);
        root.Add(new VersionOption());
        var help = new HelpOption();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        root.Add(help);
        return root;
    }

    private static string UsageSentence(ParseResult parse)
    {
        if (parse.CommandResult.Command is { Subcommands: [_, ..] commands } && parse.UnmatchedTokens is [var word, ..])
            return $"There is no {(word.StartsWith('-') ? "option" : "command")} '{word}'; " +
                $"expected {string.Join(", ", commands.Select(command => command.Name))} (see 'cnnfast --help').";

        var path = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = parse.CommandResult; at is not null; at = at.Parent)
        {
            if (at is System.CommandLine.Parsing.CommandResult command)
                path.Insert(0, command.Command.Name);
        }

        return $"{parse.Errors[0].Message.TrimEnd('.')} (see '{string.Join(' ', path)} --help').";
    }
}

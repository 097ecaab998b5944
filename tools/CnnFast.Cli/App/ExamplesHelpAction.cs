using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CnnFast.Cli;

/// <summary>The usual help, followed by the command's notes and examples.</summary>
/// <param name="help">Writes the usual help.</param>
internal sealed class ExamplesHelpAction(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand command)
        {
            WriteSection(parseResult.InvocationConfiguration.Output, "Notes:", command.Notes);
            WriteSection(parseResult.InvocationConfiguration.Output, "Examples:", command.Examples);
        }

        return code;
    }

    private static void WriteSection(TextWriter output, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        output.WriteLine(title);
        foreach (string line in lines)
            output.WriteLine("  " + line);
        output.WriteLine();
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CnnFast.Cli;

/// <summary>The usual help, followed by the command's notes and examples, in lines that every terminal shows.</summary>
internal sealed class ExamplesHelpAction : SynchronousCommandLineAction
{
    private const int Width = 80;
    private const string Indent = "  ";

    private readonly HelpAction _help;

    /// <param name="help">Writes the usual help.</param>
    public ExamplesHelpAction(HelpAction help)
    {
        _help = help;
        _help.MaxWidth = Width;
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand command)
        {
            WriteSection(parseResult.InvocationConfiguration.Output, "Notes:", [.. command.Notes.SelectMany(Wrapped)]);
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
            output.WriteLine(Indent + line);
        output.WriteLine();
    }

    private static IEnumerable<string> Wrapped(string note)
    {
        string line = "";
        foreach (string word in note.Split(' '))
        {
            if (line.Length > 0 && Indent.Length + line.Length + 1 + word.Length > Width)
            {
                yield return line;
                line = Indent;
            }

            line += line.Length == 0 || line == Indent ? word : " " + word;
        }

        yield return line;
    }
}

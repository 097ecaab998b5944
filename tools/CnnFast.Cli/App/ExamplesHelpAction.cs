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
        if (parseResult.CommandResult is { Parent: null, Command: ExampleCommand root })
        {
            WriteRoot(parseResult.InvocationConfiguration.Output, root);
            return ExitCodes.Done;
        }

        int code = _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand command)
        {
            WriteSection(parseResult.InvocationConfiguration.Output, "Notes:", [.. command.Notes.SelectMany(Wrapped)]);
            WriteSection(parseResult.InvocationConfiguration.Output, "Examples:", command.Examples);
        }

        return code;
    }

    // A list of commands that fits a screen; the help of each has the rest.
    private static void WriteRoot(TextWriter output, ExampleCommand root)
    {
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine($"Usage: {root.Name} COMMAND [options], {root.Name} COMMAND --help");
        output.WriteLine();
        Command[] commands = [.. root.Subcommands.Where(command => !command.Hidden)];
        int width = commands.Max(command => command.Name.Length);
        WriteSection(output, "Commands:", [.. commands.Select(command =>
            $"{command.Name.PadRight(width)}  {Brief(command, Width - width - 4)}")]);
        WriteSection(output, "Options of every command:", [.. OptionLines(root)]);
        WriteSection(output, "Notes:", [.. root.Notes.SelectMany(Wrapped)]);
        WriteSection(output, "Examples:", root.Examples);
    }

    private static IEnumerable<string> OptionLines(Command root)
    {
        (string Names, string Text)[] lines = [.. root.Options.Where(option => !option.Hidden).Select(option => (
            string.Join(", ", option.Aliases.Append(option.Name).Where(name => name[0] == '-').OrderBy(name => name.Length))
                + (option.HelpName is { } value ? $" {value}" : ""),
            option.Description ?? ""))];
        int width = lines.Max(line => line.Names.Length);
        return lines.Select(line => $"{line.Names.PadRight(width)}  {Cut(line.Text, Width - width - 4)}");
    }

    private static string Brief(Command command, int width)
    {
        if (command is ExampleCommand { Brief: { } brief })
            return Cut(brief, width);
        string text = command.Description ?? "";
        int end = text.IndexOfAny([':', ';', ',']);
        return Cut((end < 0 ? text : text[..end]).TrimEnd('.'), width);
    }

    private static string Cut(string text, int width)
    {
        if (text.Length <= width)
            return text;
        int end = text.LastIndexOf(' ', width - 1);
        return string.Concat(text.AsSpan(0, end < 0 ? width - 1 : end), "…");
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

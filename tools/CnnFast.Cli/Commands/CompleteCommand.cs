using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;

namespace CnnFast.Cli;

/// <summary><c>cnnfast complete</c>, which the scripts of <c>cnnfast completion</c> call: what may stand where the cursor is.</summary>
internal static class CompleteCommand
{
    private const string Zoo = "zoo:";

    public static Command Create(CommandHost host)
    {
        var position = new Argument<int>("POSITION") { Description = "The cursor's place in LINE." };
        var line = new Argument<string>("LINE") { Description = "The command line as far as it is typed, the command's name included." };
        var command = new ExampleCommand("complete", "Lists what may stand where the cursor is.", []) { position, line };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            foreach (string word in Words(CnnFastCommand.Create(host), parse.GetValue(line)!, parse.GetValue(position)))
                host.Output.WriteLine(word);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The words; none where the shell's own, such as names of files, are better.</summary>
    public static IEnumerable<string> Words(Command root, string line, int position)
    {
        int name = line.IndexOf(' ', StringComparison.Ordinal);
        if (name < 0)
            return [];
        string typed = line[(name + 1)..Math.Clamp(position, name + 1, line.Length)];
        string word = typed[(typed.LastIndexOf(' ') + 1)..];

        // The parser cannot say what may follow an equals sign.
        if (word.StartsWith('-') && word.Contains('=', StringComparison.Ordinal))
            return [];
        ParseResult parse = root.Parse(typed, CnnFastCommand.Parsing);
        IEnumerable<string> words = parse.GetCompletions(typed.Length).Select(item => item.InsertText ?? item.Label);
        if (word.StartsWith(Zoo, StringComparison.OrdinalIgnoreCase))
            words = ModelZoo.All.Select(model => Zoo + model.Name);
        return [.. words.Where(found => found.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Where(found => word.StartsWith('-') ? found.StartsWith("--", StringComparison.Ordinal) : found[0] is not ('-' or '/'))
            .Distinct().Order(StringComparer.Ordinal)];
    }
}

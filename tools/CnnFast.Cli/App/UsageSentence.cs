using System.CommandLine;
using System.CommandLine.Parsing;

namespace CnnFast.Cli;

/// <summary>What is wrong with a command line, in one sentence.</summary>
internal static class UsageSentence
{
    public static string Of(ParseResult parse)
    {
        string path = PathOf(parse.CommandResult);
        string see = $"(see '{path} --help').";
        Command command = parse.CommandResult.Command;
        if (parse.UnmatchedTokens is not [var word, ..])
            return $"{parse.Errors[0].Message.TrimEnd('.')} {see}";
        if (word.StartsWith('-') && word.Length > 1)
        {
            string given = word.Split('=', ':')[0];
            return $"There is no option '{word}' of '{path}'{DidYouMean.Hint(given, OptionsOf(parse.CommandResult))} {see}";
        }

        string[] commands = [.. command.Subcommands.Where(below => !below.Hidden).Select(below => below.Name)];
        if (commands.Length > 0)
            return $"There is no command '{word}'{(DidYouMean.Hint(word, commands) is { Length: > 0 } meant
                ? meant
                : $"; expected {string.Join(", ", commands)}")} {see}";
        return $"{parse.Errors[0].Message.TrimEnd('.')} {see}";
    }

    // Those of the command, and those of the commands above that are for all below.
    private static IEnumerable<string> OptionsOf(CommandResult result)
    {
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
        {
            foreach (Option option in command.Command.Options.Where(option => !option.Hidden && (at == result || option.Recursive)))
                yield return option.Name;
        }
    }

    private static string PathOf(CommandResult result)
    {
        var path = new List<string>();
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
            path.Insert(0, command.Command.Name);
        return string.Join(' ', path);
    }
}

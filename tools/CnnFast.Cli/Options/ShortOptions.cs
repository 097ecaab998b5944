using System.CommandLine;

namespace CnnFast.Cli;

/// <summary>The short names of options, the same in every command.</summary>
internal static class ShortOptions
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["--algorithm"] = "-a",
        ["--batch"] = "-b",
        ["--batch-size"] = "-b",
        ["--data"] = "-d",
        ["--epochs"] = "-e",
        ["--format"] = "-f",
        ["--input"] = "-i",
        ["--model"] = "-m",
        ["--out"] = "-o",
        ["--output"] = "-o",
        ["--quiet"] = "-q",
        ["--seed"] = "-s",
        ["--threads"] = "-t",
        ["--verbose"] = "-v",
    };

    /// <summary>Gives the options of a command, and of those below it, their short names.</summary>
    public static void AddTo(Command command)
    {
        foreach (Option option in command.Options)
        {
            if (Names.TryGetValue(option.Name, out string? name) && !option.Aliases.Contains(name))
                option.Aliases.Add(name);
        }

        foreach (Command below in command.Subcommands)
            AddTo(below);
    }
}

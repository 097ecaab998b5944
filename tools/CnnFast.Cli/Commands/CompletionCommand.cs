using System.CommandLine;

namespace CnnFast.Cli;

/// <summary><c>cnnfast completion</c>: scripts that let a shell complete commands, options and their values.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # cnnfast: completion for bash. Put this line into ~/.bashrc:
        #   source <(cnnfast completion bash)
        _cnnfast() {
            local word="${COMP_LINE:0:COMP_POINT}"
            word="${word##* }"
            local IFS=$'\n'
            COMPREPLY=($(cnnfast complete "$COMP_POINT" "$COMP_LINE" 2>/dev/null))
            # Bash counts what follows a colon as a word of its own.
            if [[ "$word" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then
                COMPREPLY=("${COMPREPLY[@]#"${word%:*}:"}")
            fi
        }
        complete -o default -F _cnnfast cnnfast
        """;

    private const string Zsh = """
        #compdef cnnfast
        # cnnfast: completion for zsh. Put this line into ~/.zshrc, below compinit:
        #   source <(cnnfast completion zsh)
        _cnnfast() {
            local -a words_found
            words_found=(${(f)"$(cnnfast complete "$CURSOR" "$BUFFER" 2>/dev/null)"})
            if (( ${#words_found} )); then
                compadd -a words_found
            else
                _files
            fi
        }
        compdef _cnnfast cnnfast
        """;

    private const string Fish = """
        # cnnfast: completion for fish. Run once:
        #   cnnfast completion fish > ~/.config/fish/completions/cnnfast.fish
        function __cnnfast_complete
            set -l line (commandline -cp)
            cnnfast complete (string length -- "$line") "$line" 2>/dev/null
        end
        complete -c cnnfast -a '(__cnnfast_complete)'
        """;

    private const string Pwsh = """
        # cnnfast: completion for PowerShell. Put this line into $PROFILE:
        #   cnnfast completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName cnnfast -ScriptBlock {
            param($word, $line, $cursor)
            # The text of the line leaves out blanks at its end.
            $typed = $line.ToString().PadRight($cursor)
            cnnfast complete $cursor $typed 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["pwsh"] = Pwsh,
    };

    public static Command Create(CommandHost host)
    {
        string[] shells = [.. Scripts.Keys];
        var shell = new Argument<string>("SHELL") { Description = $"{string.Join(", ", shells)}." };
        shell.CompletionSources.Add(shells);
        var command = new ExampleCommand(
            "completion",
            "Prints a script that lets a shell complete commands, options and their values.",
            ["The script says in its first lines where it belongs."],
            "source <(cnnfast completion bash)",
            "cnnfast completion fish > ~/.config/fish/completions/cnnfast.fish",
            "cnnfast completion pwsh | Out-String | Invoke-Expression")
        {
            shell,
        };
        command.Brief = "Prints a script for completion in a shell";
        command.SetAction(parse =>
        {
            string name = parse.GetValue(shell)!;
            if (parse.GetValue(CommonOptions.Format) != OutputFormat.Table || parse.GetValue(CommonOptions.Json))
                throw new InputException("--format has no effect on a script; expected 'cnnfast completion " + name + "'.");
            if (!Scripts.TryGetValue(name, out string? script))
                throw new InputException($"SHELL is '{name}'; expected one of {string.Join(", ", shells)}{DidYouMean.End(name, shells)}");
            host.Output.Write(script.ReplaceLineEndings("\n") + "\n");
            return ExitCodes.Done;
        });
        return command;
    }
}

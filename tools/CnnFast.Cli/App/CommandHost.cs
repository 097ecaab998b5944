using System.Text;
using Spectre.Console;

namespace CnnFast.Cli;

/// <summary>What a command may touch of the world around it: where results and messages go, and when to stop.</summary>
/// <param name="Output">Results, and nothing else.</param>
/// <param name="Error">Progress, messages and errors.</param>
/// <param name="OutputIsTerminal">Whether a person reads <paramref name="Output"/> as it is written.</param>
/// <param name="ErrorIsTerminal">Whether <paramref name="Error"/> can show a live progress bar.</param>
/// <param name="Stop">Cancelled when the user or the system asks the process to end.</param>
internal sealed record CommandHost(TextWriter Output, TextWriter Error, bool OutputIsTerminal, bool ErrorIsTerminal, CancellationToken Stop)
{
    private const int PlainWidth = 160;

    public static CommandHost ForConsole(CancellationToken stop)
    {
        // A Windows console starts with a code page that has no bars; where it refuses UTF-8, they print as question marks.
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
            Console.OutputEncoding = Encoding.UTF8;
        bool dumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new CommandHost(Console.Out, Console.Error, !Console.IsOutputRedirected && !dumb, !Console.IsErrorRedirected && !dumb, stop);
    }

    /// <summary>A console for results: colours on a terminal only, and never a line broken for want of width elsewhere.</summary>
    public IAnsiConsole OutputConsole() => Create(Output, OutputIsTerminal);

    /// <summary>A console for progress.</summary>
    public IAnsiConsole ErrorConsole() => Create(Error, ErrorIsTerminal);

    private static IAnsiConsole Create(TextWriter writer, bool terminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!terminal)
            console.Profile.Width = PlainWidth;
        return console;
    }
}

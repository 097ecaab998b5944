using System.Text;
using Spectre.Console;

namespace CnnFast.Cli;

/// <summary>What a command may touch of the world around it: where results and messages go, and when to stop.</summary>
/// <param name="Output">Results, and nothing else.</param>
/// <param name="Error">Messages and errors.</param>
/// <param name="OutputIsTerminal">Whether a person reads <paramref name="Output"/> as it is written.</param>
/// <param name="ErrorIsTerminal">Whether <paramref name="Error"/> can show a live progress bar.</param>
/// <param name="Stop">Cancelled when the user or the system asks the process to end.</param>
internal sealed record CommandHost(TextWriter Output, TextWriter Error, bool OutputIsTerminal, bool ErrorIsTerminal, CancellationToken Stop)
{
    /// <summary>Columns of text where nothing says how wide the reader's terminal is.</summary>
    public const int UsualWidth = 80;

    private const int PlainWidth = 160;

    /// <summary>How results are written.</summary>
    public OutputFormat Format { get; init; }

    /// <summary>Whether neither progress nor notes are wanted.</summary>
    public bool Quiet { get; init; }

    /// <summary>Whether what was chosen is wanted too.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether colours are wanted where a terminal shows them.</summary>
    public bool Colour { get; init; } = true;

    /// <summary>The bytes that <c>-</c> reads.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>The bytes that <c>-</c> writes.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <summary>What a person may like to know while a command works.</summary>
    public TextWriter Notes => Quiet ? TextWriter.Null : Error;

    /// <summary>What a person asked for by <c>-v</c>.</summary>
    public TextWriter Details => Verbose ? Error : TextWriter.Null;

    /// <summary>Whether live views may be drawn.</summary>
    public bool ShowsProgress => ErrorIsTerminal && !Quiet;

    public static CommandHost ForConsole(CancellationToken stop)
    {
        // A Windows console starts with a code page that has no bars; where it refuses UTF-8, they print as question marks.
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
            Console.OutputEncoding = Encoding.UTF8;
        bool dumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new CommandHost(Console.Out, Console.Error, !Console.IsOutputRedirected && !dumb, !Console.IsErrorRedirected && !dumb, stop);
    }

    /// <summary>A console for results: colours on a terminal only.</summary>
    public IAnsiConsole OutputConsole() => Create(Output, OutputIsTerminal && Format != OutputFormat.Plain);

    /// <summary>A console for progress.</summary>
    public IAnsiConsole ErrorConsole() => Create(Error, ErrorIsTerminal);

    private IAnsiConsole Create(TextWriter writer, bool terminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
            ColorSystem = terminal && Colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!terminal)
            console.Profile.Width = PlainWidth;
        return console;
    }
}

using System.Globalization;

namespace CnnFast.Cli.Tests;

/// <summary>Runs the command inside this process.</summary>
internal static class Cli
{
    public static CliResult Run(params string[] args) => Run(terminal: false, args);

    /// <summary>Runs the command as on a terminal, with its live views.</summary>
    public static CliResult RunOnTerminal(params string[] args) => Run(terminal: true, args);

    /// <summary>Runs the command and asks it to end when a text appears among its messages.</summary>
    public static CliResult RunUntil(string text, params string[] args)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var error = new Watcher(text, stop);
        return Run(false, args, error, stop.Token);
    }

    private static CliResult Run(bool terminal, string[] args)
    {
        using var error = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        return Run(terminal, args, error, TestContext.Current.CancellationToken);
    }

    private static CliResult Run(bool terminal, string[] args, StringWriter error, CancellationToken stop)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        int code = CnnFastCommand.Run(args, new CommandHost(output, error, terminal, terminal, stop));
        return new CliResult(code, output.ToString(), error.ToString());
    }

    private sealed class Watcher(string text, CancellationTokenSource stop) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
                stop.Cancel();
        }
    }
}

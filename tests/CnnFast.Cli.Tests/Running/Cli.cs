using System.Globalization;

namespace CnnFast.Cli.Tests;

/// <summary>Runs the command inside this process.</summary>
internal static class Cli
{
    public static CliResult Run(params string[] args) => Run(terminal: false, args);

    /// <summary>Runs the command as on a terminal, with its live views.</summary>
    public static CliResult RunOnTerminal(params string[] args) => Run(terminal: true, args);

    private static CliResult Run(bool terminal, string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var error = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        int code = CnnFastCommand.Run(args, new CommandHost(output, error, terminal, terminal, TestContext.Current.CancellationToken));
        return new CliResult(code, output.ToString(), error.ToString());
    }
}

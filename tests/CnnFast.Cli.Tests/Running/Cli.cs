using System.Globalization;

namespace CnnFast.Cli.Tests;

/// <summary>Runs the command inside this process.</summary>
internal static class Cli
{
    public static CliResult Run(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var error = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        int code = CnnFastCommand.Run(args, new CommandHost(output, error, OutputIsTerminal: false, ErrorIsTerminal: false, TestContext.Current.CancellationToken));
        return new CliResult(code, output.ToString(), error.ToString());
    }
}

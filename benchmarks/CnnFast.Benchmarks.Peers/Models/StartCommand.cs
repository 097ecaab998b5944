using System.CommandLine;
using System.Globalization;
using CnnFast.Cli;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// What the models benchmark starts in a process of its own: the time from a file to its first result, and nothing before it.
/// </summary>
internal static class StartCommand
{
    public const string Name = "start";

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A model, .safetensors or .onnx." };
        var command = new Command(Name, "Prints the seconds from a model's file to its first result.") { file };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(StartBenchmark.Once(parsed.GetValue(file)!).ToString("R", CultureInfo.InvariantCulture));
            return ExitCodes.Done;
        });
        return command;
    }
}

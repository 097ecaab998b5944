using System.CommandLine;
using System.Globalization;
using CnnFast.Cli;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// What the benchmark of ONNX files starts in a process of its own: the time from a file to a session, and nothing before it.
/// </summary>
internal static class LoadCommand
{
    public const string Name = "load";

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "An ONNX file." };
        var threads = new Argument<int>("threads") { Description = "Threads of the session." };
        var engine = new Argument<string>("engine") { Description = "cnnfast or onnxruntime." };
        var shapes = new Argument<string[]>("shapes") { Description = "The dimensions of the inputs." };
        var command = new Command(Name, "Prints the seconds from an ONNX file to its first result.") { file, threads, engine, shapes };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            double seconds = LoadBenchmark.Once(parsed.GetValue(file)!, InputShapes.Parse(parsed.GetValue(shapes)!),
                parsed.GetValue(threads), parsed.GetValue(engine) == "onnxruntime");
            Console.Out.WriteLine(seconds.ToString("R", CultureInfo.InvariantCulture));
            return ExitCodes.Done;
        });
        return command;
    }
}

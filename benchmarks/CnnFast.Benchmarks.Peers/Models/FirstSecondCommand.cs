using System.CommandLine;
using System.Globalization;
using CnnFast.Cli;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// What the benchmarks of models start in a process of its own: the middle run of the first second, and nothing before it.
/// </summary>
internal static class FirstSecondCommand
{
    public const string Name = "first-second";
    public const string Ours = "cnnfast";
    public const string Peer = "onnxruntime";
    public const string Catalogue = "model";
    public const string File = "file";

    public static Command Create()
    {
        var engine = new Argument<string>("engine") { Description = $"{Ours} or {Peer}." };
        var kind = new Argument<string>("kind") { Description = $"{Catalogue} or {File}." };
        var model = new Argument<string>("model") { Description = "The name of a model, or an ONNX file." };
        var batch = new Argument<int>("batch") { Description = "Samples of a run." };
        var threads = new Argument<int>("threads") { Description = "Threads of the engine." };
        var shapes = new Argument<string[]>("shapes") { Description = "The dimensions of the inputs of a file." };
        var command = new Command(Name, "Prints the seconds of the middle run of the first second.")
        {
            engine, kind, model, batch, threads, shapes,
        };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            bool isPeer = parsed.GetValue(engine) == Peer;
            using ModelRunner runner = parsed.GetValue(kind) == File
                ? OfFile(OnnxCase.Load(parsed.GetValue(model)!, InputShapes.Parse(parsed.GetValue(shapes)!)), isPeer,
                    parsed.GetValue(threads))
                : OfModel(ModelCatalog.Build(parsed.GetValue(model)!), isPeer, parsed.GetValue(batch), parsed.GetValue(threads));
            Console.Out.WriteLine(FirstSecond.Measure(runner).ToString("R", CultureInfo.InvariantCulture));
            return ExitCodes.Done;
        });
        return command;
    }

    private static ModelRunner OfFile(OnnxCase model, bool isPeer, int threads) => isPeer
        ? new OnnxFileRunner(Peer, OnnxRuntimeVariant.Default, model, threads)
        : new CnnFastRunner(model.Model, model.Inputs, model.Batch, threads);

    private static ModelRunner OfModel(Model model, bool isPeer, int batch, int threads)
    {
        float[] input = ModelTimer.InputOf(model, batch);
        return isPeer
            ? new OnnxRuntimeRunner(Peer, OnnxRuntimeVariant.Default, model, input, batch, threads)
            : new CnnFastRunner(model, [input], batch, threads);
    }
}

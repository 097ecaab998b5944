using System.Diagnostics;
using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// The middle run of the first second after the first run, in a process that has done nothing else: what a program sees that does not warm
/// up, while the just-in-time compiler is at work.
/// </summary>
/// <param name="Ours">Seconds of a run of this library.</param>
/// <param name="Peer">Seconds of a run of ONNX Runtime by default.</param>
internal sealed record FirstSecond(double Ours, double Peer)
{
    // Below this a run is timed in groups: reading the clock would count.
    private const double ShortRun = 2e-6;
    private const int Group = 100;

    /// <summary>The figures of a model of the catalogue.</summary>
    public static FirstSecond OfModel(string name, int batch, int threads) =>
        Of(engine =>
            ColdProcess.MeasureOnce(FirstSecondCommand.Name, engine, FirstSecondCommand.Catalogue, name, Text(batch), Text(threads)));

    /// <summary>The figures of an ONNX file.</summary>
    public static FirstSecond OfFile(OnnxCase model, int threads) => Of(engine => ColdProcess.MeasureOnce(
    [
        FirstSecondCommand.Name,
        engine,
        FirstSecondCommand.File,
        model.Path,
        Text(model.Batch),
        Text(threads),
        .. InputShapes.Write(model.Dimensions),
    ]));

    /// <summary>The median of the first second after the first run.</summary>
    public static double Measure(ModelRunner runner)
    {
        runner.Run();
        long start = Stopwatch.GetTimestamp();
        int group = 1;
        do
            group = runner.Sample(group) < ShortRun ? Group : 1;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < 1);
        return runner.Time.Median;
    }

    private static FirstSecond Of(Func<string, double> measure) =>
        new(measure(FirstSecondCommand.Ours), measure(FirstSecondCommand.Peer));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

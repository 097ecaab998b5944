using System.Globalization;
using CnnFast.Visualization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// Processor time that a session takes between runs ten times a second, beyond that of the runs themselves: the middle of a few rounds. A
/// round that takes less than its runs alone shows how far the clock and the machine's other work go; one far below says nothing.
/// </summary>
internal static class IdleBenchmark
{
    private const int Rounds = 3;

    // Milliseconds a second below zero that are the clock's.
    private const double Noise = 1;

    private const int Runs = 20;
    private const int Milliseconds = 100;
    private const int Settle = 1000;

    public static ModelNote Run(string key, int threads, double? bound)
    {
        Model model = ModelCatalog.Build(key.Split(':')[0]);
        float[] input = Testing.SeededData.Uniform(model.InputShape.ElementCount, 1);
        double ours, theirs;
        using (var runner = new CnnFastRunner(model, [input], 1, threads))
            ours = Measure(runner);
        using (var runner = new OnnxRuntimeRunner("ort-default", OnnxRuntimeVariant.Default, model, input, 1, threads))
            theirs = Measure(runner);
        string figure = Figure(ours);
        return new ModelNote(
            key,
            string.Create(CultureInfo.InvariantCulture,
                $"processor ms a second between 10 runs a second: cnnfast {figure}; onnxruntime {Figure(theirs)}"),
            new Dictionary<string, double> { ["CnnFastMs"] = Shown(ours), ["OnnxRuntimeMs"] = Shown(theirs) },
            bound is { } most ? new ModelVerdict(key, ModelMeasure.Idle, most, figure, IsMeasured(ours) && ours <= most) : null);
    }

    private static bool IsMeasured(double milliseconds) => milliseconds >= -Noise;

    private static double Shown(double milliseconds) => IsMeasured(milliseconds) ? Math.Max(milliseconds, 0) : double.NaN;

    private static string Figure(double milliseconds) => IsMeasured(milliseconds)
        ? Math.Max(milliseconds, 0).ToString("0.0", CultureInfo.InvariantCulture)
        : "not measured, as the runs alone took more";

    private static double Measure(ModelRunner runner)
    {
        SteadyState.Reach(runner.Run);
        Thread.Sleep(Settle);
        return Enumerable.Range(0, Rounds).Select(_ => MeasureRound(runner)).Order().ElementAt(Rounds / 2);
    }

    private static double MeasureRound(ModelRunner runner)
    {
        double pauses = Processor(() => Thread.Sleep(Milliseconds));
        double together = Processor(runner.Run);
        double apart = Processor(() =>
        {
            runner.Run();
            Thread.Sleep(Milliseconds);
        });
        return (apart - pauses - together) / (Runs * Milliseconds * 1e-3);
    }

    // Milliseconds of all threads of the process.
    private static double Processor(Action action)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Runs; i++)
            action();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }
}

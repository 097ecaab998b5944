using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Processor time that a session takes between runs ten times a second, beyond that of the runs themselves.</summary>
internal static class IdleBenchmark
{
    private const int Runs = 20;
    private const int Milliseconds = 100;
    private const int WarmUps = 200;
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
        string figure = ours.ToString("0.0", CultureInfo.InvariantCulture);
        return new ModelNote(
            key,
            string.Create(CultureInfo.InvariantCulture,
                $"processor ms a second between 10 runs a second: cnnfast {figure}; onnxruntime {theirs:0.0}"),
            new Dictionary<string, double> { ["CnnFastMs"] = ours, ["OnnxRuntimeMs"] = theirs },
            bound is { } most ? new ModelVerdict(key, ModelMeasure.Idle, most, figure, ours <= most) : null);
    }

    private static double Measure(ModelRunner runner)
    {
        // The runtime compiles what became hot some 100 ms later, on a thread of its own.
        for (int i = 0; i < WarmUps; i++)
            runner.Run();
        Thread.Sleep(Settle);
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

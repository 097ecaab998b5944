using System.Diagnostics;
using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// Times one model: this library, ONNX Runtime as it is by default, and the fastest of its tuned variants take turns of some milliseconds
/// or one run, each run timed alone, and the outputs are held against each other before and after.
/// </summary>
/// <param name="batch">Samples of a run.</param>
/// <param name="threads">Threads of each engine.</param>
/// <param name="seconds">Seconds to spend on each engine and model.</param>
internal sealed class ModelTimer(int batch, int threads, double seconds)
{
    // Of the largest output: far above the rounding of any order of sums, Winograd's too, far below one wrong weight.
    private const double Tolerance = 1e-4;

    private const double Turn = 1e-3;
    private const double ThreadsTurn = 20e-3;
    private const double ProbeSeconds = 50e-3;
    private const int FewestTurns = 7;

    // Untimed runs before each turn bring a model's weights back into the caches, and wake its threads: after those of another engine the
    // system takes tens of milliseconds to give each a processor.
    private const double WarmUp = 1e-3;
    private const double ThreadsWarmUp = 60e-3;
    private const double NoWarmUpFrom = 4e-3;

    // Below this a run is timed in groups: reading the clock would count.
    private const double ShortRun = 2e-6;
    private const int Group = 100;

    private const int AllocationRuns = 20;

    public ModelRow Run(string name)
    {
        Model model = ModelCatalog.Build(name);
        float[] input = Testing.SeededData.Uniform(batch * model.InputShape.ElementCount, 1);
        using var ours = new CnnFastRunner(model, [input], batch, threads);
        return Run(name, ours, (engine, variant) => new OnnxRuntimeRunner(engine, variant, model, input, batch, threads),
            OnnxRuntimeVariant.Tuned);
    }

    /// <summary>Times ours against the peer by default and the fastest of its tuned variants.</summary>
    public ModelRow Run(string name, CnnFastRunner ours, Func<string, OnnxRuntimeVariant, ModelRunner> createPeer,
        IEnumerable<OnnxRuntimeVariant> variants)
    {
        using ModelRunner byDefault = createPeer("ort-default", OnnxRuntimeVariant.Default);
        using ModelRunner tuned = ChooseTuned(variants.Select(variant => createPeer("ort-tuned", variant)));
        ModelRunner[] runners = [ours, byDefault, tuned];
        double[] calls = [.. runners.Select(Probe)];
        (double difference, string? wrong) = Compare(name, ours, byDefault, tuned);
        double allocated = ours.MeasureAllocation(AllocationRuns);
        TakeTurns(runners, calls);
        (double after, string? wrongAfter) = Compare(name, ours, byDefault, tuned);
        return new ModelRow(name, batch, threads, ours.Time, [byDefault.Time, tuned.Time], allocated, Math.Max(difference, after),
            wrong ?? wrongAfter);
    }

    private static (double Difference, string? Wrong) Compare(string name, ModelRunner ours, params ReadOnlySpan<ModelRunner> peers)
    {
        IReadOnlyList<float[]> actual = ours.Read();
        double worst = 0;
        string? sentence = null;
        foreach (ModelRunner peer in peers)
        {
            IReadOnlyList<float[]> expected = peer.Read();
            for (int output = 0; output < actual.Count; output++)
            {
                (double difference, int at) = Farthest(actual[output], expected[output]);
                worst = Math.Max(worst, difference);
                if (!(difference <= Tolerance))
                    sentence = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}: element {at} of output {output} is {actual[output][at]:G9}, in {peer.Engine} ({peer.Variant}) " +
                        $"{expected[output][at]:G9}, which is {difference:G3} of the largest");
            }
        }

        return (worst, sentence);
    }

    // By the largest expected value; what is no number is as far as can be.
    private static (double Difference, int At) Farthest(float[] actual, float[] expected)
    {
        double largest = expected.Max(Math.Abs);
        if (largest == 0)
            largest = 1;
        double worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(actual[i] - expected[i]) / largest;
            if (double.IsNaN(difference))
                return (double.PositiveInfinity, i);
            if (difference > worst)
                (worst, at) = (difference, i);
        }

        return (worst, at);
    }

    // Seconds of the fastest run, after the first, which may allocate and tune.
    private static double Probe(ModelRunner runner)
    {
        runner.Run();
        long start = Stopwatch.GetTimestamp();
        do
            runner.Sample(1, 1);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < ProbeSeconds);
        double best = runner.Time.Best;
        runner.Forget();
        return best;
    }

    private static ModelRunner ChooseTuned(IEnumerable<ModelRunner> candidates)
    {
        ModelRunner? chosen = null;
        double least = double.PositiveInfinity;
        foreach (ModelRunner runner in candidates)
        {
            double time = Probe(runner);
            (ModelRunner? dropped, chosen, least) = time < least ? (chosen, runner, time) : (runner, chosen, least);
            dropped?.Dispose();
        }

        return chosen!;
    }

    private void TakeTurns(ModelRunner[] runners, double[] calls)
    {
        GC.Collect();
        long begin = Stopwatch.GetTimestamp();
        for (int turn = 0; turn < FewestTurns || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds * runners.Length; turn++)
        {
            for (int i = 0; i < runners.Length; i++)
            {
                int at = (turn + i) % runners.Length;
                double call = calls[at];
                int group = call < ShortRun ? Group : 1;
                EngineThreads.Settle(threads);
                for (int run = WarmUps(call); run > 0; run--)
                    runners[at].Run();
                runners[at].Sample((int)Math.Clamp((threads > 1 ? ThreadsTurn : Turn) / (call * group), 1, 1000), group);
            }
        }
    }

    private int WarmUps(double call)
    {
        if (threads > 1)
            return (int)Math.Clamp(ThreadsWarmUp / call, 3, 10_000);
        return call < NoWarmUpFrom ? (int)Math.Clamp(WarmUp / call, 1, 10_000) : 0;
    }
}

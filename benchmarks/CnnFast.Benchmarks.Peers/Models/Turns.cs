using System.Diagnostics;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Engines that take turns of some milliseconds or one run, each run timed alone.</summary>
/// <param name="threads">Threads of each engine.</param>
/// <param name="seconds">Seconds to spend on each engine.</param>
internal sealed class Turns(int threads, double seconds)
{
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

    /// <summary>Seconds of the fastest run, after the first, which may allocate and tune.</summary>
    public static double Probe(ModelRunner runner)
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

    /// <summary>Takes the times.</summary>
    /// <param name="runners">The engines.</param>
    /// <param name="calls">What a run of each takes, in seconds.</param>
    public void Take(IReadOnlyList<ModelRunner> runners, IReadOnlyList<double> calls)
    {
        GC.Collect();
        long begin = Stopwatch.GetTimestamp();
        for (int turn = 0; turn < FewestTurns || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds * runners.Count; turn++)
        {
            for (int i = 0; i < runners.Count; i++)
            {
                int at = (turn + i) % runners.Count;
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

using System.Diagnostics;
using CnnFast.Visualization;

namespace CnnFast.Cli;

/// <summary>How long runs took, in microseconds, and what they allocated on all threads.</summary>
internal sealed record RunTimes(int Runs, double MinUs, double P50Us, double P99Us, double MeanUs, double AllocatedBytesPerRun)
{
    private const int MaxRounds = 100;
    private const int MinRuns = 10;
    private const int MaxRuns = 1_000_000;

    /// <summary>The runs in order, cut into at most 100 rounds: the median of each, in microseconds.</summary>
    public required IReadOnlyList<double> Rounds { get; init; }

    /// <summary>The times of all runs in microseconds, ascending.</summary>
    public required IReadOnlyList<double> AllUs { get; init; }

    /// <summary>Warms up, then measures for about <paramref name="seconds"/>.</summary>
    public static RunTimes Measure(BenchRun run, double seconds, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        int warm = 0;
        SteadyState.Reach(() =>
        {
            run.Run(stop);
            warm++;
        });
        int most = (int)Math.Clamp(2 * seconds * warm / Seconds(start), MinRuns, MaxRuns);
        var ticks = new long[most];
        int runs = 0;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        start = Stopwatch.GetTimestamp();
        while (runs < MinRuns || (runs < most && Seconds(start) < seconds))
        {
            long before = Stopwatch.GetTimestamp();
            run.Run(stop);
            ticks[runs++] = Stopwatch.GetTimestamp() - before;
        }

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return Summarize(ticks.AsSpan(0, runs), allocated);
    }

    private static RunTimes Summarize(Span<long> ticks, long allocated)
    {
        double microseconds = 1e6 / Stopwatch.Frequency;
        double[] rounds = [.. RoundsOf(ticks).Select(round => round * microseconds)];
        double sum = 0;
        foreach (long tick in ticks)
            sum += tick;
        ticks.Sort();
        return new RunTimes(
            ticks.Length,
            ticks[0] * microseconds,
            ticks[ticks.Length / 2] * microseconds,
            ticks[Math.Min(ticks.Length - 1, (int)(ticks.Length * 0.99))] * microseconds,
            sum * microseconds / ticks.Length,
            Math.Round((double)allocated / ticks.Length, 1))
        {
            Rounds = rounds,
            AllUs = [.. ticks.ToArray().Select(tick => tick * microseconds)],
        };
    }

    private static List<long> RoundsOf(ReadOnlySpan<long> ticks)
    {
        int rounds = Math.Min(MaxRounds, ticks.Length);
        var medians = new List<long>(rounds);
        for (int round = 0; round < rounds; round++)
        {
            int first = (int)((long)ticks.Length * round / rounds), end = (int)((long)ticks.Length * (round + 1) / rounds);
            long[] part = ticks[first..end].ToArray();
            Array.Sort(part);
            medians.Add(part[part.Length / 2]);
        }

        return medians;
    }

    private static double Seconds(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;
}

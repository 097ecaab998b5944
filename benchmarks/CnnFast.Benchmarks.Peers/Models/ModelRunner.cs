using System.Diagnostics;

namespace CnnFast.Benchmarks.Peers;

/// <summary>One model in one engine, with its input in place, ready to be timed.</summary>
/// <param name="engine">The name of its columns.</param>
/// <param name="variant">How it runs.</param>
internal abstract class ModelRunner(string engine, string variant) : IDisposable
{
    private const int AllocationSets = 3;

    private readonly RunTimes _times = new();

    public string Engine { get; } = engine;

    public string Variant { get; } = variant;

    public ModelTime Time => new(Engine, Variant, _times.Best, _times.Median, _times.Percentile99);

    /// <summary>Runs the model once.</summary>
    public abstract void Run();

    /// <summary>The outputs of the last run, those of all engines in one order of memory.</summary>
    public abstract IReadOnlyList<float[]> Read();

    public abstract void Dispose();

    /// <summary>
    /// Runs the model so many times and keeps the time of each run, or of each group of runs too short to be timed alone.
    /// </summary>
    public void Sample(int samples, int group)
    {
        for (int i = 0; i < samples; i++)
            Sample(group);
    }

    /// <summary>Runs the model once, or a group of times, and keeps the time of a run.</summary>
    /// <returns>That time in seconds.</returns>
    public double Sample(int group)
    {
        long start = Stopwatch.GetTimestamp();
        for (int run = 0; run < group; run++)
            Run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / group;
        _times.Add(seconds);
        return seconds;
    }

    /// <summary>
    /// Bytes that a run allocates, on whatever thread: the least of several sets of runs, as the runtime allocates on its own
    /// where a rare path is first taken.
    /// </summary>
    public double MeasureAllocation(int runs)
    {
        long least = long.MaxValue;
        for (int set = 0; set < AllocationSets && least > 0; set++)
        {
            Run();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < runs; i++)
                Run();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return (double)least / runs;
    }

    public void Forget() => _times.Clear();
}

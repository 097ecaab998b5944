using System.Diagnostics;
using System.Runtime;

namespace CnnFast.Visualization;

/// <summary>
/// Warms up until the just-in-time compiler is done: the runtime compiles again what was called often, some 100 ms later, on a thread of
/// its own; twice, first to see what the code does.
/// </summary>
internal static class SteadyState
{
    // What is called once a run has been called often enough for both compilations; of long runs that matters little.
    private const int Runs = 64;
    private const double LongRuns = 1;
    private const double Limit = 10;

    // Longer than the runtime waits before it compiles again: 0.1 s, with a single processor ten times that.
    private static readonly double s_quiet = Environment.ProcessorCount == 1 ? 2.5 : 0.25;

    /// <summary>Runs until no method was compiled for a while.</summary>
    /// <param name="run">What is warmed up.</param>
    /// <returns>Whether that came about before the time was up.</returns>
    public static bool Reach(Action run)
    {
        long begin = Stopwatch.GetTimestamp(), changed = begin;
        long compiled = JitInfo.GetCompiledMethodCount();
        for (int i = 1; ; i++)
        {
            run();
            if (JitInfo.GetCompiledMethodCount() is var count && count != compiled)
                (compiled, changed) = (count, Stopwatch.GetTimestamp());
            double elapsed = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            if (Stopwatch.GetElapsedTime(changed).TotalSeconds >= s_quiet && (i >= Runs || elapsed >= LongRuns))
                return true;
            if (elapsed >= Limit)
                return false;
        }
    }
}

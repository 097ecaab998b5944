using System.Diagnostics;
using System.Diagnostics.Metrics;
using CnnFast.Diagnostics;

namespace CnnFast.Compile;

/// <summary>
/// What runs tell listeners: the instruments of the meter <c>CnnFast</c>, <c>cnnfast.runs</c>, <c>cnnfast.samples</c> and <c>cnnfast.run.duration</c> (seconds), and the events of
/// <see cref="CnnFastEventSource"/>. While nobody listens a run pays a few tests.
/// </summary>
internal static class RunMetrics
{
    private static readonly Meter Meter = new("CnnFast");
    private static readonly Counter<long> Runs = Meter.CreateCounter<long>("cnnfast.runs", "{run}", "Runs of inference sessions, failed and cancelled ones too.");
    private static readonly Counter<long> Samples = Meter.CreateCounter<long>("cnnfast.samples", "{sample}", "Samples of those runs.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("cnnfast.run.duration", "s", "How long runs of inference sessions took.");

    /// <summary>When a run starts: a timestamp, or 0 while nobody listens.</summary>
    public static long Start(int samples)
    {
        if (CnnFastEventSource.Log.IsEnabled())
            CnnFastEventSource.Log.RunStart(samples);
        return Runs.Enabled || Samples.Enabled || Duration.Enabled ? Stopwatch.GetTimestamp() : 0;
    }

    /// <summary>When a run has ended, well or not.</summary>
    public static void Stop(long start, int samples)
    {
        if (CnnFastEventSource.Log.IsEnabled())
            CnnFastEventSource.Log.RunStop(samples);
        if (start == 0)
            return;
        Runs.Add(1);
        Samples.Add(samples);
        Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}

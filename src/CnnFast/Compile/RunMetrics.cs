using System.Diagnostics;
using System.Diagnostics.Metrics;
using CnnFast.Diagnostics;

namespace CnnFast.Compile;

/// <summary>
/// What runs tell listeners: the instruments of the meter <c>CnnFast</c>, <c>cnnfast.runs</c>, <c>cnnfast.samples</c> and
/// <c>cnnfast.run.duration</c> (seconds), each with the tag <c>cnnfast.model</c> where the model has a name, and the events of
/// <see cref="CnnFastEventSource"/>. While nobody listens a run pays a few tests.
/// </summary>
internal static class RunMetrics
{
    private const string ModelTag = "cnnfast.model";

    private static readonly Meter Meter = new("CnnFast");
    private static readonly Counter<long> Runs = Meter.CreateCounter<long>("cnnfast.runs", "{run}",
        "Runs of inference sessions, failed and cancelled ones too.");
    private static readonly Counter<long> Samples = Meter.CreateCounter<long>("cnnfast.samples", "{sample}", "Samples of those runs.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("cnnfast.run.duration", "s",
        "How long runs of inference sessions took.");

    /// <summary>When a run starts: a timestamp, or 0 while nobody listens.</summary>
    public static long Start(string? model, int samples)
    {
        if (CnnFastEventSource.Log.IsEnabled())
            CnnFastEventSource.Log.RunStart(model ?? "", samples);
        return Runs.Enabled || Samples.Enabled || Duration.Enabled ? Stopwatch.GetTimestamp() : 0;
    }

    /// <summary>When a run has ended, well or not.</summary>
    public static void Stop(long start, string? model, int samples)
    {
        if (CnnFastEventSource.Log.IsEnabled())
            CnnFastEventSource.Log.RunStop(model ?? "", samples);
        if (start == 0)
            return;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (model is null)
        {
            Runs.Add(1);
            Samples.Add(samples);
            Duration.Record(seconds);
            return;
        }

        var tag = new KeyValuePair<string, object?>(ModelTag, model);
        Runs.Add(1, tag);
        Samples.Add(samples, tag);
        Duration.Record(seconds, tag);
    }
}

using System.Diagnostics;

namespace CnnFast.Benchmarks.Peers;

/// <summary>One way in which an engine computes one pass on given data, ready to be timed.</summary>
/// <param name="variant">What sets it apart: layout, implementation.</param>
internal abstract class Candidate(string variant) : IDisposable
{
    private readonly TimeSamples _samples = new();

    public string Variant { get; } = variant;

    /// <summary>Seconds of the fastest call.</summary>
    public virtual double Best => _samples.Best;

    /// <summary>Seconds of the middle call.</summary>
    public virtual double Median => _samples.Median;

    /// <summary>Computes the pass once.</summary>
    public abstract void Run();

    /// <summary>Computes the pass so many times, or its equivalent in work, and keeps the time of one.</summary>
    public virtual void Sample(int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            Run();
        Add(Stopwatch.GetElapsedTime(start).TotalSeconds / calls);
    }

    /// <summary>Called after the last sample.</summary>
    public virtual void Finish()
    {
    }

    /// <summary>Drops the samples taken so far.</summary>
    public virtual void Forget() => _samples.Clear();

    /// <summary>Copies what the last call computed, in this library's layout.</summary>
    public abstract void Read(Span<float> result);

    public abstract void Dispose();

    protected void Add(double seconds) => _samples.Add(seconds);
}

namespace CnnFast.Benchmarks.Peers;

/// <summary>Seconds of one call, many times.</summary>
internal sealed class TimeSamples
{
    private readonly List<double> _seconds = [];

    public int Count => _seconds.Count;

    public double Best => _seconds.Min();

    public double Median => _seconds.Order().ElementAt(_seconds.Count / 2);

    public void Add(double seconds) => _seconds.Add(seconds);

    public void Clear() => _seconds.Clear();
}

namespace CnnFast.Benchmarks.Peers;

/// <summary>Seconds of single runs.</summary>
internal sealed class RunTimes
{
    private const int Expected = 1 << 16;

    private readonly List<double> _seconds = new(Expected);
    private double[]? _ordered;

    public double Best => At(0);

    public double Median => At(Ordered.Length / 2);

    /// <summary>The time that 99 of 100 runs kept to.</summary>
    public double Percentile99 => At((int)Math.Ceiling(0.99 * Ordered.Length) - 1);

    private double[] Ordered => _ordered ??= [.. _seconds.Order()];

    public void Add(double seconds)
    {
        _ordered = null;
        _seconds.Add(seconds);
    }

    public void Clear()
    {
        _ordered = null;
        _seconds.Clear();
    }

    private double At(int index) => Ordered.Length > 0 ? Ordered[index] : double.PositiveInfinity;
}

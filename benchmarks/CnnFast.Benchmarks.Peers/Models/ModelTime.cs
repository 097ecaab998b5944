namespace CnnFast.Benchmarks.Peers;

/// <summary>What one engine reached on one model, in seconds a run.</summary>
/// <param name="Engine">Its name.</param>
/// <param name="Variant">How it ran.</param>
/// <param name="Best">The fastest run.</param>
/// <param name="Median">The middle run.</param>
/// <param name="Percentile99">What 99 of 100 runs kept to.</param>
internal sealed record ModelTime(string Engine, string Variant, double Best, double Median, double Percentile99)
{
    /// <summary>How far the slow runs are from the middle one.</summary>
    public double Spread => Percentile99 / Median;
}

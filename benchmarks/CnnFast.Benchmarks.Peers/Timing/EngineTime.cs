namespace CnnFast.Benchmarks.Peers;

/// <summary>What one engine reached on one row.</summary>
/// <param name="Engine">Its name.</param>
/// <param name="Variant">How it computed.</param>
/// <param name="BestSeconds">Seconds of the fastest call.</param>
/// <param name="MedianSeconds">Seconds of the middle call.</param>
/// <param name="Wrong">What was wrong with its result, or null.</param>
internal sealed record EngineTime(string Engine, string Variant, double BestSeconds, double MedianSeconds, string? Wrong);

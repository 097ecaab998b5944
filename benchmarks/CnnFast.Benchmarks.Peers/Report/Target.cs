namespace CnnFast.Benchmarks.Peers;

/// <summary>What a row must reach.</summary>
/// <param name="Least">The least ratio: of the best peer's time by ours or, where <paramref name="Near"/> is given, of our percent of the peak by that of the other shape.</param>
/// <param name="Near">The regular shape that an odd one is held against, or null.</param>
internal sealed record Target(double Least, string? Near);

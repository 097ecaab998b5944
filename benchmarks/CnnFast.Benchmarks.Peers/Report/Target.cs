using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>What a row must reach.</summary>
/// <param name="Kind">What is compared.</param>
/// <param name="Least">The least ratio.</param>
/// <param name="Near">The regular shape that an odd one is held against, or null.</param>
internal sealed record Target(TargetKind Kind, double Least, string? Near)
{
    /// <summary>The target in words.</summary>
    public string Wanted => string.Create(CultureInfo.InvariantCulture, $"≥ {Least:0.##} {Measure}");

    private string Measure => Kind switch
    {
        TargetKind.Near => $"of the percent of {Near}",
        TargetKind.Gain => "over one thread",
        _ => "of the best peer",
    };
}

namespace CnnFast.Benchmarks.Peers;

/// <summary>What a target compares.</summary>
internal enum TargetKind
{
    /// <summary>The best peer's time with ours.</summary>
    Peers,

    /// <summary>Our percent of the peak with that of a regular shape.</summary>
    Near,

    /// <summary>Our time on one thread with that on all.</summary>
    Gain,
}

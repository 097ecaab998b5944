namespace CnnFast.Benchmarks.Peers;

/// <summary>What a model's target bounds.</summary>
internal enum ModelMeasure
{
    /// <summary>The faster peer's time by ours, at least.</summary>
    Ratio,

    /// <summary>The faster peer's middle run by ours, at least.</summary>
    Median,

    /// <summary>The 99th percentile by the median, at most, and not above the peer's.</summary>
    Spread,

    /// <summary>Microseconds of a median run, at most.</summary>
    Overhead,

    /// <summary>Bytes allocated a run, at most.</summary>
    Bytes,

    /// <summary>Milliseconds from the file to the first result in a warm process, at most.</summary>
    Start,

    /// <summary>
    /// The time from the file to a session ready to run by the peer's, both in the middle of several in a warm process, at most.
    /// </summary>
    Load,

    /// <summary>Processor milliseconds a second between runs ten times a second, at most.</summary>
    Idle,

    /// <summary>Megabytes of the assemblies, at most.</summary>
    Size,
}

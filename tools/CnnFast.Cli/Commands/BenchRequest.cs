namespace CnnFast.Cli;

/// <summary>What <c>cnnfast bench</c> was asked for.</summary>
internal sealed record BenchRequest(string Model, string[] Shapes)
{
    /// <summary>Samples of a run, where they were given.</summary>
    public int? Batch { get; init; }

    /// <summary>How long to measure.</summary>
    public double Seconds { get; init; }

    /// <summary>Threads and algorithm.</summary>
    public SessionOptions Options { get; init; } = new();

    /// <summary>Whether the nodes are shown.</summary>
    public bool Profile { get; init; }

    /// <summary>Whether the result is JSON.</summary>
    public bool Json { get; init; }

    /// <summary>The file that keeps the times.</summary>
    public string? Save { get; init; }

    /// <summary>The file to compare with.</summary>
    public string? Baseline { get; init; }

    /// <summary>The page.</summary>
    public string? Report { get; init; }
}

namespace CnnFast.Visualization;

/// <summary>What a <see cref="BenchReport"/> says beside the figures of the nodes.</summary>
public sealed record BenchReportOptions
{
    /// <summary>The title of the page.</summary>
    public string Title { get; init; } = "Time of a model";

    /// <summary>A sentence below the title, such as the model and its batch; the processor where not given.</summary>
    public string? Description { get; init; }

    /// <summary>Threads that the nodes ran on, at least 1: the roofs are those of as many cores.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Times of whole runs in microseconds, in any order; none where they were not measured.</summary>
    public IReadOnlyList<double> RunMicroseconds { get; init; } = [];

    /// <summary>Samples of one run, at least 1.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Further names and values of the table of the configuration.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Configuration { get; init; } = [];
}

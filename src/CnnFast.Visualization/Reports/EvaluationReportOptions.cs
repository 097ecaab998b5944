namespace CnnFast.Visualization;

/// <summary>What an <see cref="EvaluationReport"/> says beside its figures.</summary>
public sealed record EvaluationReportOptions
{
    /// <summary>The heading of the page.</summary>
    public string Title { get; init; } = "Evaluation";

    /// <summary>What the images are called in words, such as <c>the test images</c>.</summary>
    public string ImagesName { get; init; } = "the images";

    /// <summary>The name of an image by its index, such as that of its file; null for its number.</summary>
    public Func<int, string>? ImageName { get; init; }

    /// <summary>Names and values that the page shows as the configuration.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Configuration { get; init; } = [];

    /// <summary>The most threads, 0 for all processors.</summary>
    public int MaxThreads { get; init; }
}

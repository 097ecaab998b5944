namespace CnnFast.Graphs;

/// <summary>A value that flows through a graph: an input, or what a node computes.</summary>
/// <param name="Id">Its position among the values of the graph, from 0.</param>
/// <param name="Name">Its name: the input's, or that of the node that computes it.</param>
/// <param name="Shape">The shape of one sample, without the batch; of a value that <see cref="IsWhole"/>, all of its shape.</param>
internal sealed record ValueInfo(int Id, string Name, Shape Shape)
{
    /// <summary>
    /// Whether there is one value a run, however many samples it has: a constant, and all values of a graph whose batch is fixed.
    /// </summary>
    public bool IsWhole { get; init; }

    /// <summary>What its elements are.</summary>
    public ElementType Type { get; init; }

    /// <summary>Of an input or output: how its images lie in memory.</summary>
    public ImageOrder Images { get; init; }

    /// <summary>Elements of one sample; of a whole value all.</summary>
    public int SampleLength { get; } = Shape.ElementCount;

    /// <summary>The shape for a batch, the batch first.</summary>
    public Shape ShapeFor(int batch) => IsWhole ? Shape : Shape.WithBatch(batch);

    /// <summary>The shape without its first dimension where that is the batch.</summary>
    public Shape SampleShape => IsWhole ? Shape.WithoutBatch() : Shape;

    /// <summary>Floats that n samples take in memory.</summary>
    public long FloatsFor(int n) => ElementTypes.FloatsFor(Type, (IsWhole ? 1L : n) * SampleLength);
}

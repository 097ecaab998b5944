namespace CnnFast.Graphs;

/// <summary>A value that flows through a graph: an input, or what a node computes.</summary>
/// <param name="Id">Its position among the values of the graph, from 0.</param>
/// <param name="Name">Its name: the input's, or that of the node that computes it.</param>
/// <param name="Shape">The shape of one sample, without the batch.</param>
internal sealed record ValueInfo(int Id, string Name, Shape Shape)
{
    /// <summary>Elements of one sample.</summary>
    public int SampleLength { get; } = Shape.ElementCount;
}

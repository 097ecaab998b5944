namespace CnnFast.Visualization.Graphs;

/// <summary>A box of a graph's picture.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Parts">What it computes: one kind, or those that were merged into it, in order.</param>
/// <param name="Shape">The shape of its output.</param>
/// <param name="Details">More lines for the reader who asks.</param>
/// <param name="Inputs">The boxes that it reads, all of them before it.</param>
/// <param name="IsEnd">Whether it is an input or output of the model.</param>
internal sealed record GraphNode(
    string Name,
    IReadOnlyList<string> Parts,
    string Shape,
    IReadOnlyList<string> Details,
    IReadOnlyList<int> Inputs,
    bool IsEnd);

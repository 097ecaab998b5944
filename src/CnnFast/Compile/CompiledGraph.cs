using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>A rewritten graph and how it came about.</summary>
internal sealed record CompiledGraph(Graph Graph, IReadOnlyList<PassReport> Passes);

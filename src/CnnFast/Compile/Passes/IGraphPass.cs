using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>One rewrite of a graph that keeps what it computes. Stateless; one file each.</summary>
internal interface IGraphPass
{
    /// <summary>The name that <c>cnnfast inspect --passes</c> shows.</summary>
    string Name { get; }

    /// <summary>Rewrites the graph and notes what it did; does nothing where nothing fits.</summary>
    void Run(GraphEdit edit);
}

namespace CnnFast.Onnx.Reading;

/// <summary>The values that nodes of a graph may use: those of the graph so far, and those of the graphs around it.</summary>
/// <param name="outer">The scope of the graph around it; null for the model's own.</param>
internal sealed class GraphScope(GraphScope? outer)
{
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);

    /// <summary>Adds a value that may hide one of a graph around this.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether the name was free in this graph.</returns>
    public bool TryAdd(string name) => _values.Add(name);

    /// <summary>Whether there is a value of a name.</summary>
    public bool Holds(string name) => _values.Contains(name) || outer?.Holds(name) == true;
}

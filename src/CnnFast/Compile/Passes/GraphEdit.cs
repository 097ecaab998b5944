using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>A graph under change. Nodes stay in topological order; values keep their ids.</summary>
internal sealed class GraphEdit(Graph graph)
{
    private readonly List<Node> _nodes = [.. graph.Nodes];
    private readonly List<string> _notes = [];
    private int _values = graph.ValueCount;

    /// <summary>The nodes as they are now; a copy, so that it can be walked while nodes change.</summary>
    public IReadOnlyList<Node> Nodes => [.. _nodes];

    /// <summary>What was done, one sentence a change.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Adds a sentence about a change.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>The node that computes a value; null for an input.</summary>
    public Node? Producer(ValueInfo value) => _nodes.Find(node => node.Output.Id == value.Id);

    /// <summary>The nodes that read a value; one that reads it twice comes twice.</summary>
    public IReadOnlyList<Node> Consumers(ValueInfo value) => [.. _nodes.SelectMany(node => node.Inputs.Where(input => input.Id == value.Id).Select(_ => node))];

    /// <summary>Whether callers receive a value.</summary>
    public bool IsOutput(ValueInfo value) => graph.Outputs.Any(output => output.Id == value.Id);

    /// <summary>Whether a value is a graph input.</summary>
    public bool IsInput(ValueInfo value) => graph.Inputs.Any(input => input.Id == value.Id);

    /// <summary>The one node that reads a value that nothing else needs; else null.</summary>
    public Node? OnlyConsumer(ValueInfo value)
    {
        IReadOnlyList<Node> consumers = Consumers(value);
        return consumers.Count == 1 && !IsOutput(value) ? consumers[0] : null;
    }

    /// <summary>The node that computes a value which one node alone reads; else null.</summary>
    public Node? OwnProducer(ValueInfo value) => OnlyConsumer(value) is null ? null : Producer(value);

    /// <summary>A value that no node computes yet.</summary>
    public ValueInfo NewValue(string name, Shape sample) => new(_values++, name, sample);

    /// <summary>Puts a node in the place of another.</summary>
    public void Replace(Node old, Node replacement) => _nodes[IndexOf(old)] = replacement;

    /// <summary>Puts a node before another.</summary>
    public void InsertBefore(Node place, Node node) => _nodes.Insert(IndexOf(place), node);

    /// <summary>Merges a node into the one that reads it: the merged node stands where the reader stood and computes what it computed.</summary>
    public void Merge(Node first, Node reader, Node merged)
    {
        Replace(reader, merged);
        _nodes.Remove(first);
    }

    /// <summary>Removes nodes whose values nobody needs any more.</summary>
    public void Remove(Node node) => _nodes.Remove(node);

    /// <summary>Removes a node that passes its first input through. False where the value has to stay: an input that is an output.</summary>
    public bool Bypass(Node node)
    {
        ValueInfo input = node.Inputs[0];
        if (!IsOutput(node.Output))
        {
            Remove(node);
            Redirect(node.Output, input);
            return true;
        }

        // The callers' value keeps its identity: whoever computed the input computes the output instead.
        if (Producer(input) is not { } producer || IsOutput(input))
            return false;
        Remove(node);
        Replace(producer, producer with { Output = node.Output });
        Redirect(input, node.Output);
        return true;
    }

    /// <summary>Makes all readers of a value read another.</summary>
    public void Redirect(ValueInfo from, ValueInfo to)
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Inputs.Any(input => input.Id == from.Id))
                _nodes[i] = _nodes[i] with { Inputs = [.. _nodes[i].Inputs.Select(input => input.Id == from.Id ? to : input)] };
        }
    }

    /// <summary>The graph as it is now.</summary>
    public Graph ToGraph() => new(graph.Inputs, graph.Outputs, [.. _nodes], _values);

    private int IndexOf(Node node)
    {
        int index = _nodes.FindIndex(other => ReferenceEquals(other, node));
        return index >= 0 ? index : throw new InvalidOperationException($"The node '{node.Name}' is no longer in the graph.");
    }
}

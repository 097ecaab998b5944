using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// A graph under change. Nodes stay in topological order; values keep their ids. Changes take time by the readers of a value, not by the
/// size of the graph, but for insertions.
/// </summary>
internal sealed class GraphEdit
{
    private readonly Graph _graph;
    private readonly List<Slot> _slots = [];
    private readonly Dictionary<int, Slot> _producers = [];
    private readonly Dictionary<int, List<Slot>> _consumers = [];
    private readonly HashSet<int> _outputs;
    private readonly List<string> _notes = [];
    private int _values;

    /// <summary>Starts from a graph, which itself does not change.</summary>
    public GraphEdit(Graph graph)
    {
        _graph = graph;
        _outputs = [.. graph.Outputs.Select(output => output.Id)];
        _values = graph.ValueCount;
        foreach (Node node in graph.Nodes)
            Enter(node, _slots.Count);
    }

    /// <summary>The values that a caller gives.</summary>
    public IReadOnlyList<ValueInfo> Inputs => _graph.Inputs;

    /// <summary>The nodes as they are now; a copy, so that it can be walked while nodes change.</summary>
    public IReadOnlyList<Node> Nodes => [.. _slots.Where(slot => slot.Node is not null).Select(slot => slot.Node!)];

    /// <summary>What was done, one sentence a change.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Adds a sentence about a change.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>The node that computes a value; null for an input, or when it is gone.</summary>
    public Node? Producer(ValueInfo value) => _producers.GetValueOrDefault(value.Id)?.Node;

    /// <summary>The nodes that read a value; one that reads it twice comes twice.</summary>
    public IReadOnlyList<Node> Consumers(ValueInfo value) =>
        _consumers.TryGetValue(value.Id, out List<Slot>? slots) ? [.. slots.Select(slot => slot.Node!)] : [];

    /// <summary>Whether callers receive a value.</summary>
    public bool IsOutput(ValueInfo value) => _outputs.Contains(value.Id);

    /// <summary>Where a node stands: a later one has a higher number.</summary>
    public int OrderOf(Node node) => _slots.IndexOf(SlotOf(node));

    /// <summary>The one node that reads a value that nothing else needs; else null.</summary>
    public Node? OnlyConsumer(ValueInfo value) =>
        !IsOutput(value) && _consumers.TryGetValue(value.Id, out List<Slot>? slots) && slots.Count == 1 ? slots[0].Node : null;

    /// <summary>The node that computes a value which one node alone reads; else null.</summary>
    public Node? OwnProducer(ValueInfo value) => OnlyConsumer(value) is null ? null : Producer(value);

    /// <summary>A value that no node computes yet.</summary>
    public ValueInfo NewValue(string name, Shape sample) => new(_values++, name, sample);

    /// <summary>Puts a node in the place of another.</summary>
    public void Replace(Node old, Node replacement)
    {
        Slot slot = SlotOf(old);
        Leave(slot);
        slot.Node = replacement;
        Connect(slot);
    }

    /// <summary>Puts a node before all others.</summary>
    public void InsertFirst(Node node) => Enter(node, 0);

    /// <summary>Puts a node before another.</summary>
    public void InsertBefore(Node place, Node node) => Enter(node, OrderOf(place));

    /// <summary>
    /// Merges a node into the one that reads it: the merged node stands where the reader stood and computes what it computed.
    /// </summary>
    public void Merge(Node first, Node reader, Node merged)
    {
        Remove(first);
        Replace(reader, merged);
    }

    /// <summary>Removes a node whose value nobody needs any more.</summary>
    public void Remove(Node node)
    {
        Slot slot = SlotOf(node);
        Leave(slot);
        slot.Node = null;
    }

    /// <summary>
    /// Removes a node that passes its first input through. False where the value has to stay: an input, or
    /// another output, that is an output.
    /// </summary>
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
        if (Producer(input) is not { } producer || IsOutput(input) || OnlyConsumer(input) is null)
            return false;
        Merge(producer, node, producer with { Output = node.Output });
        return true;
    }

    /// <summary>Makes all readers of a value read another.</summary>
    public void Redirect(ValueInfo from, ValueInfo to)
    {
        if (!_consumers.TryGetValue(from.Id, out List<Slot>? slots))
            return;
        foreach (Slot slot in slots.Distinct().ToList())
        {
            Node node = slot.Node!;
            Replace(node, node with { Inputs = [.. node.Inputs.Select(input => input.Id == from.Id ? to : input)] });
        }
    }

    /// <summary>The graph as it is now.</summary>
    public Graph ToGraph() => new(_graph.Inputs, _graph.Outputs, Nodes, _values);

    private void Enter(Node node, int position)
    {
        var slot = new Slot { Node = node };
        _slots.Insert(position, slot);
        Connect(slot);
    }

    private void Connect(Slot slot)
    {
        _producers[slot.Node!.Output.Id] = slot;
        foreach (ValueInfo input in slot.Node.Inputs)
        {
            if (!_consumers.TryGetValue(input.Id, out List<Slot>? slots))
                _consumers.Add(input.Id, slots = []);
            slots.Add(slot);
        }
    }

    private void Leave(Slot slot)
    {
        _producers.Remove(slot.Node!.Output.Id);
        foreach (ValueInfo input in slot.Node.Inputs)
            _consumers[input.Id].Remove(slot);
    }

    private Slot SlotOf(Node node) => _producers.TryGetValue(node.Output.Id, out Slot? slot) && ReferenceEquals(slot.Node, node)
        ? slot
        : throw new InvalidOperationException($"The node '{node.Name}' is no longer in the graph.");

    private sealed class Slot
    {
        public required Node? Node { get; set; }
    }
}

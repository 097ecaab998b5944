using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Which values lie inside the concatenation that they go into: a producer that can write pixels that lie apart writes them there, and
/// nothing is left to copy. A value has one such place, in the last concatenation that reads it; who else reads it must be able to read
/// pixels that lie apart. A concatenation may lie inside another.
/// </summary>
internal sealed class ConcatenationPlaces
{
    private readonly Dictionary<int, (ValueInfo Owner, int Channel)> _places = [];
    private readonly HashSet<(int Node, int Input)> _written = [];

    private ConcatenationPlaces()
    {
    }

    /// <summary>Every value has memory of its own.</summary>
    public static ConcatenationPlaces None { get; } = new();

    /// <summary>Whether no value lies in a concatenation.</summary>
    public bool IsEmpty => _places.Count == 0;

    /// <summary>Chooses the values.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="running">The nodes that run, in order.</param>
    /// <param name="roots">The owner of every value's memory.</param>
    /// <param name="callers">Values that lie in the caller's memory, which may hold a concatenation but no part of one.</param>
    public static ConcatenationPlaces Of(Graph graph, IReadOnlyList<int> running, int[] roots, IReadOnlyCollection<int> callers)
    {
        var places = new ConcatenationPlaces();
        var producers = new Dictionary<int, Node>();
        var lastReaders = new Dictionary<int, int>();
        HashSet<int> fixedValues = [.. callers];
        for (int id = 0; id < roots.Length; id++)
        {
            // Memory that several values share is read or written by steps that know nothing of pitches.
            if (roots[id] != id)
                fixedValues.Add(roots[id]);
        }

        foreach (int index in running)
        {
            Node node = graph.Nodes[index];
            producers.Add(node.Output.Id, node);
            foreach (int root in node.Inputs.Select(input => roots[input.Id]))
            {
                lastReaders[root] = index;
                if (!node.Operation.SupportsInputPitch)
                    fixedValues.Add(root);
            }
        }

        foreach (int index in running)
        {
            Node node = graph.Nodes[index];
            if (node.Operation is ConcatenateOperation or ConcatenateTensorsOperation
                && node.Output is { IsWhole: false, Type: ElementType.Float32 })
                places.Add(index, node, id => roots[id] == id && !fixedValues.Contains(id) && lastReaders[id] == index
                    && producers[id].Operation.SupportsOutputPitch);
        }

        return places;
    }

    /// <summary>The concatenation that a value lies in and its first channel there; null where it has memory of its own.</summary>
    /// <param name="root">The owner of the value's memory.</param>
    public (ValueInfo Owner, int Channel)? Find(int root)
    {
        if (!_places.TryGetValue(root, out (ValueInfo Owner, int Channel) place))
            return null;
        while (_places.TryGetValue(place.Owner.Id, out (ValueInfo Owner, int Channel) outer))
            place = (outer.Owner, outer.Channel + place.Channel);
        return place;
    }

    /// <summary>Whether an input of a node is a part of a concatenation that has been written in its place.</summary>
    public bool IsWrittenInPlace(int node, int input) => _written.Contains((node, input));

    private void Add(int index, Node node, Predicate<int> canLieInside)
    {
        int channel = 0;
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            ValueInfo value = node.Inputs[i];
            if (!value.IsWhole && canLieInside(value.Id) && _places.TryAdd(value.Id, (node.Output, channel)))
                _written.Add((index, i));
            channel += value.Shape.Dimensions[^1];
        }
    }
}

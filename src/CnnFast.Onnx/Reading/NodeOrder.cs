using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Reading;

/// <summary>
/// The order of a graph's nodes. ONNX asks for one in which every node comes after those that it needs; not every writer gives it.
/// </summary>
internal static class NodeOrder
{
    /// <summary>Puts nodes in order. Nodes that are in order stay as they are, and others move as little as that takes.</summary>
    /// <param name="graph">The graph; graphs in its nodes are left as they are.</param>
    /// <param name="file">What messages call the file.</param>
    /// <exception cref="DataFormatException">A node needs what it writes itself.</exception>
    public static void Sort(GraphProto graph, string file)
    {
        NodeProto[] nodes = [.. graph.Node];
        Dictionary<string, int> writers = Writers(nodes);
        var needs = new int[nodes.Length][];
        bool isInOrder = true;
        for (int i = 0; i < nodes.Length; i++)
        {
            needs[i] = Needs(nodes[i], writers);
            isInOrder &= Array.TrueForAll(needs[i], need => need < i);
        }

        if (isInOrder)
            return;
        List<NodeProto> sorted = [.. Order(needs).Select(i => nodes[i])];
        if (sorted.Count < nodes.Length)
            throw new DataFormatException($"'{file}': {NodeNames.Of(nodes[InCycle(needs)])} needs, maybe by way of other nodes, " +
                "what it writes itself; expected a graph without cycles.");
        graph.Node.Clear();
        graph.Node.AddRange(sorted);
    }

    /// <summary>
    /// Adds the values that a node takes from the graph that it is in: its inputs, and what graphs in it take from around them.
    /// </summary>
    private static void AddUses(NodeProto node, HashSet<string> uses)
    {
        uses.UnionWith(node.Input);
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.G is not null)
                AddUses(attribute.G, uses);
            foreach (GraphProto graph in attribute.Graphs)
                AddUses(graph, uses);
        }
    }

    private static void AddUses(GraphProto graph, HashSet<string> uses)
    {
        var inner = new HashSet<string>(StringComparer.Ordinal);
        foreach (NodeProto node in graph.Node)
            AddUses(node, inner);
        inner.UnionWith(graph.Output.Select(output => output.Name));
        inner.ExceptWith(graph.Input.Select(input => input.Name));
        inner.ExceptWith(graph.Initializer.Select(tensor => tensor.Name));
        inner.ExceptWith(graph.Node.SelectMany(node => node.Output));
        uses.UnionWith(inner);
    }

    private static Dictionary<string, int> Writers(NodeProto[] nodes)
    {
        var writers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Length; i++)
        {
            foreach (string output in nodes[i].Output)
            {
                if (output.Length > 0)
                    writers.TryAdd(output, i);
            }
        }

        return writers;
    }

    private static int[] Needs(NodeProto node, Dictionary<string, int> writers)
    {
        var uses = new HashSet<string>(StringComparer.Ordinal);
        AddUses(node, uses);
        var needs = new HashSet<int>();
        foreach (string use in uses)
        {
            if (writers.TryGetValue(use, out int writer))
                needs.Add(writer);
        }

        return [.. needs];
    }

    /// <summary>The nodes in order, of those that can be next the first; those of cycles are left out.</summary>
    private static IEnumerable<int> Order(int[][] needs)
    {
        var users = new List<int>[needs.Length];
        var open = new int[needs.Length];
        var next = new PriorityQueue<int, int>();
        for (int i = 0; i < needs.Length; i++)
        {
            open[i] = needs[i].Length;
            if (open[i] == 0)
                next.Enqueue(i, i);
            foreach (int need in needs[i])
                (users[need] ??= []).Add(i);
        }

        while (next.TryDequeue(out int node, out _))
        {
            yield return node;
            foreach (int user in users[node] ?? [])
            {
                if (--open[user] == 0)
                    next.Enqueue(user, user);
            }
        }
    }

    /// <summary>
    /// A node of a cycle, there being one: going on from a node that is left out to one that it needs and that is left out too comes round.
    /// </summary>
    private static int InCycle(int[][] needs)
    {
        bool[] isOrdered = new bool[needs.Length];
        foreach (int node in Order(needs))
            isOrdered[node] = true;
        bool[] isSeen = new bool[needs.Length];
        int at = Array.IndexOf(isOrdered, false);
        while (!isSeen[at])
        {
            isSeen[at] = true;
            at = Array.Find(needs[at], need => !isOrdered[need]);
        }

        return at;
    }
}

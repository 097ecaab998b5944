using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Import;

/// <summary>
/// Which values of a model are images <c>[N, C, H, W]</c>: what convolutions, poolings and their like read and compute, and what is joined
/// to it by operators that keep the order of dimensions. Other values of four dimensions, such as the images <c>[N, H, W, C]</c> of models
/// that begin with a Transpose, stay as they are in every layout.
/// </summary>
internal sealed class ImageEnds
{
    private static readonly HashSet<string> s_ofImages =
    [
        "Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool", "BatchNormalization",
        "InstanceNormalization", "GroupNormalization", "LRN", "DepthToSpace", "SpaceToDepth",
    ];

    private static readonly HashSet<string> s_moving =
    [
        "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "MatMul", "Gemm", "Shape", "Size", "Gather", "Expand", "Tile", "Range",
        "ConstantOfShape", "Constant", "ArgMax", "ArgMin", "TopK",
    ];

    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _images = new(StringComparer.Ordinal);
    private readonly bool _all;

    /// <summary>Finds the images of a graph. Nothing changes afterwards, so that threads may share it.</summary>
    public ImageEnds(GraphProto graph)
    {
        HashSet<string> constants = [.. graph.Initializer.Select(tensor => tensor.Name),
            .. graph.Node.Where(node => node.OpType == "Constant").SelectMany(node => node.Output)];
        var marked = new List<string>();
        bool moves = false;
        foreach (NodeProto node in graph.Node)
        {
            string[] values = [.. node.Input.Concat(node.Output).Where(name => name.Length > 0 && !constants.Contains(name))];
            if (s_ofImages.Contains(node.OpType) && node.Input.Count > 0 && node.Output.Count > 0)
                marked.AddRange([node.Input[0], node.Output[0]]);
            else if (node.OpType == "Transpose" && node.Input.Count > 0 && node.Output.Count > 0)
                marked.AddRange(TurnedEnd(node));
            else if (!s_moving.Contains(node.OpType) && !node.OpType.StartsWith("Reduce", StringComparison.Ordinal))
                Array.ForEach(values, value => Join(values[0], value));
            moves |= node.OpType == "Transpose";
        }

        HashSet<string> roots = [.. marked.Select(Find)];
        _images.UnionWith(marked.Concat(_parents.Keys.ToArray()).Where(name => roots.Contains(Find(name))));
        _images.UnionWith(roots);
        _all = _images.Count == 0 && !moves;
    }

    /// <summary>Whether a value of four dimensions is images, channels first.</summary>
    public bool Contains(string name) => _all || _images.Contains(name);

    // Channels go last from images, and come from the last place to images.
    private static string[] TurnedEnd(NodeProto node)
    {
        AttributeProto? order = node.Attribute.FirstOrDefault(attribute => attribute.Name == "perm");
        if (order is null)
            return [];
        if (order.Ints.SequenceEqual([0L, 2, 3, 1]))
            return [node.Input[0]];
        return order.Ints.SequenceEqual([0L, 3, 1, 2]) ? [node.Output[0]] : [];
    }

    private void Join(string a, string b)
    {
        (a, b) = (Find(a), Find(b));
        if (a != b)
            _parents[b] = a;
    }

    private string Find(string name)
    {
        string root = name;
        while (_parents.TryGetValue(root, out string? parent))
            root = parent;
        while (_parents.TryGetValue(name, out string? next))
        {
            _parents[name] = root;
            if (next == root)
                break;
            name = next;
        }

        return root;
    }
}

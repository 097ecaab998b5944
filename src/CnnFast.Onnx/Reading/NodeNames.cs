using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Reading;

/// <summary>What messages call the nodes of a graph.</summary>
internal static class NodeNames
{
    /// <summary>The node by its name and operator; where it has no name, by its first output.</summary>
    public static string Of(NodeProto node)
    {
        string type = node.OpType.Length == 0 ? "without an operator" : Plain(node.OpType);
        if (node.Name.Length > 0)
            return $"node {Excerpt.Of(node.Name)} ({type})";
        string? output = node.Output.FirstOrDefault(name => name.Length > 0);
        return output is null ? $"unnamed node ({type})" : $"node of output {Excerpt.Of(output)} ({type})";
    }

    /// <summary>A short text without its quotes, control characters shown as numbers.</summary>
    private static string Plain(string text) => Excerpt.Of(text)[1..^1];
}

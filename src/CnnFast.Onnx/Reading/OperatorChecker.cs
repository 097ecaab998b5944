using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Reading;

/// <summary>Checks that nodes are of ONNX's own operator set.</summary>
/// <param name="file">What messages call the file.</param>
/// <param name="opsets">The versions of the operator sets that the model imports.</param>
/// <param name="functions">The domains and names of the functions that the model brings.</param>
internal sealed class OperatorChecker(string file, IReadOnlyDictionary<string, long> opsets,
    HashSet<(string Domain, string Name)> functions)
{
    /// <summary>The name of a domain; ONNX's own has two.</summary>
    public static string DomainOf(string domain) => domain == "ai.onnx" ? "" : domain;

    /// <summary>Checks a node.</summary>
    /// <param name="node">The node.</param>
    /// <exception cref="DataFormatException">The node has no operator, or one of a set that the model does not import.</exception>
    /// <exception cref="NotSupportedException">The operator is a function of the model, or of a set other than ONNX's own.</exception>
    public void Check(NodeProto node)
    {
        string domain = DomainOf(node.Domain);
        if (node.OpType.Length == 0)
            throw new DataFormatException($"'{file}': {NodeNames.Of(node)}: expected the name of an operator.");
        if (functions.Contains((domain, node.OpType)))
            throw new NotSupportedException($"'{file}': {NodeNames.Of(node)} calls a function that the model brings; " +
                "such functions are not supported, inline them on export.");
        if (!opsets.ContainsKey(domain))
            throw new DataFormatException(
                $"'{file}': {NodeNames.Of(node)} is of the operator set {Excerpt.Of(domain)}, which the model does not import.");
        if (domain.Length > 0)
            throw new NotSupportedException(
                $"'{file}': {NodeNames.Of(node)} is of the operator set {Excerpt.Of(domain)}; supported is ONNX's own.");
    }
}

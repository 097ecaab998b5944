using CnnFast.Onnx.Import;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx;

/// <summary>
/// What an ONNX file says of itself, whether or not its model can be imported: which operators keep it from running here. Immutable.
/// </summary>
public sealed class OnnxFileSummary
{
    private OnnxFileSummary(ModelProto model)
    {
        GraphProto graph = model.Graph ?? new GraphProto();
        Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim();
        IrVersion = model.IrVersion;
        Opsets = [.. model.OpsetImport.Select(import => new OnnxOpset(OperatorChecker.DomainOf(import.Domain), import.Version))];
        NodeCount = graph.Node.Count;
        HashSet<string> weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        Inputs = [.. graph.Input.Where(input => !weights.Contains(input.Name)).Select(Describe)];
        Outputs = [.. graph.Output.Select(Describe)];
        TensorProto[] tensors = [.. graph.Initializer, .. graph.Node.Where(node => node.OpType == "Constant")
            .SelectMany(node => node.Attribute)
            .Select(attribute => attribute.T)
            .OfType<TensorProto>()];
        TensorCount = tensors.Length;
        ParameterCount = tensors.Sum(Count);
        ParameterBytes = tensors.Sum(Bytes);
        long opset = Opsets.Where(import => import.Domain.Length == 0).Select(import => import.Version).FirstOrDefault();
        Operators =
        [
            .. graph.Node.GroupBy(node => (Domain: OperatorChecker.DomainOf(node.Domain), node.OpType))
                .Select(group =>
                    new OnnxOperatorCount(group.Key.Domain.Length == 0 ? group.Key.OpType : $"{group.Key.Domain}.{group.Key.OpType}",
                        group.Count(), IsSupported(group.Key.Domain, group.Key.OpType, opset)))
                .OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The program that wrote the file, and its version; empty where the file does not say.</summary>
    public string Producer { get; }

    /// <summary>The version of the format.</summary>
    public long IrVersion { get; }

    /// <summary>The operator sets that the model imports; the domain of ONNX's own is empty.</summary>
    public IReadOnlyList<OnnxOpset> Opsets { get; }

    /// <summary>The nodes of the graph.</summary>
    public int NodeCount { get; }

    /// <summary>The inputs that have no value in the file.</summary>
    public IReadOnlyList<OnnxValueSummary> Inputs { get; }

    /// <summary>The outputs.</summary>
    public IReadOnlyList<OnnxValueSummary> Outputs { get; }

    /// <summary>The tensors in the file, initializers and constants.</summary>
    public int TensorCount { get; }

    /// <summary>The elements of these tensors.</summary>
    public long ParameterCount { get; }

    /// <summary>Their bytes; those of which the size is not known do not count.</summary>
    public long ParameterBytes { get; }

    /// <summary>The operators, the most frequent first.</summary>
    public IReadOnlyList<OnnxOperatorCount> Operators { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; it is treated as untrusted.</param>
    /// <param name="options">The limits; the defaults when not given.</param>
    /// <returns>The summary.</returns>
    /// <exception cref="DataFormatException">The file is damaged, or asks for more than the options allow.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static OnnxFileSummary Read(string path, OnnxImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using OnnxFile file = OnnxFile.Open(path, options ?? new OnnxImportOptions());
        return new OnnxFileSummary(file.Model);
    }

    private static bool IsSupported(string domain, string op, long opset) =>
        domain.Length == 0 && OperatorTable.Find(op) is { } entry && opset >= entry.Since && opset <= entry.Until;

    private static OnnxValueSummary Describe(ValueInfoProto value)
    {
        if (value.Type?.TensorType is not { } tensor)
            return new OnnxValueSummary(value.Name,
                value.Type is null or { ValueCase: TypeProto.ValueOneofCase.None } ? "unknown type" : "no tensor", null);
        string type = TensorEncoding.Of((DataType)tensor.ElemType) is { IsConverted: false } encoding
            ? encoding.ElementType.ToString()
            : TensorEncoding.NameOf(tensor.ElemType);
        return new OnnxValueSummary(value.Name, type, tensor.Shape?.Dim
            .Select(dim => dim.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? Math.Max(dim.DimValue, -1) : -1)
            .ToArray());
    }

    // Sizes are untrusted: what is more than there can be counts as nothing.
    private static long Count(TensorProto tensor)
    {
        long count = 1;
        foreach (long dimension in tensor.Dims)
        {
            if (dimension < 0 || (dimension > 0 && count > int.MaxValue / dimension))
                return 0;
            count *= dimension;
        }

        return count;
    }

    private static long Bytes(TensorProto tensor)
    {
        var type = (DataType)tensor.DataType;
        int size = TensorEncoding.Of(type)?.FileBytes ?? type switch
        {
            DataType.Int8 or DataType.Float8E4M3Fn or DataType.Float8E4M3Fnuz or DataType.Float8E5M2 or DataType.Float8E5M2Fnuz
                or DataType.Float8E8M0 => 1,
            DataType.Int16 or DataType.Uint16 => 2,
            DataType.Uint32 => 4,
            DataType.Uint64 or DataType.Complex64 => 8,
            DataType.Complex128 => 16,
            _ => 0,
        };
        return Count(tensor) * size;
    }
}

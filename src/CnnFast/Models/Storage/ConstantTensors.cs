using System.Runtime.InteropServices;
using CnnFast.Files;
using CnnFast.Graphs;

namespace CnnFast.Storage;

/// <summary>The constants of a graph as tensors of its file: NAME.value, in their own element type.</summary>
internal static class ConstantTensors
{
    /// <summary>The tensor of a constant.</summary>
    public static ExpectedTensor Describe(string node, ConstantOperation constant) =>
        new($"{node}.value", DTypeOf(constant.Type), constant.Shape);

    /// <summary>The constants of a graph.</summary>
    public static IEnumerable<SafetensorsTensor> Of(Graph graph)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Operation is not ConstantOperation constant)
                continue;
            ExpectedTensor expected = Describe(node.Name, constant);
            yield return constant.Type == ElementType.Float32
                ? new SafetensorsTensor(expected.Name, expected.Shape, constant.Values[..expected.Shape.ElementCount])
                : new SafetensorsTensor(expected.Name, expected.DType, expected.Shape, BytesOf(constant).ToArray());
        }
    }

    /// <summary>The graph with the values of its constants.</summary>
    /// <exception cref="ModelFormatException">A truth value is none.</exception>
    public static Graph Fill(Graph graph, SafetensorsFile file) => graph.Nodes.Any(node => node.Operation is ConstantOperation)
        ? graph with
        {
            Nodes = [.. graph.Nodes.Select(node => node.Operation is ConstantOperation constant
                ? node with { Operation = constant with { Values = Values(constant, file[Describe(node.Name, constant).Name]) } }
                : node)],
        }
        : graph;

    private static ReadOnlyMemory<float> Values(ConstantOperation constant, SafetensorsTensor tensor)
    {
        if (constant.Type == ElementType.Float32)
            return tensor.Data;
        if (constant.Type == ElementType.Bool && tensor.Bytes.ContainsAnyExceptInRange<byte>(0, 1))
            throw new ModelFormatException($"the tensor '{tensor.Name}' of truth values holds a byte that is neither 0 nor 1");
        var values = new float[ElementTypes.FloatsFor(constant.Type, constant.Shape.ElementCount)];
        tensor.Bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static ReadOnlySpan<byte> BytesOf(ConstantOperation constant) =>
        MemoryMarshal.AsBytes(constant.Values.Span)[..checked(constant.Shape.ElementCount * ElementTypes.SizeOf(constant.Type))];

    private static SafetensorsDType DTypeOf(ElementType type) => type switch
    {
        ElementType.Float32 => SafetensorsDType.F32,
        ElementType.Int32 => SafetensorsDType.I32,
        ElementType.Int64 => SafetensorsDType.I64,
        ElementType.UInt8 => SafetensorsDType.U8,
        _ => SafetensorsDType.Bool,
    };
}

using System.Runtime.InteropServices;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Layers with several inputs.</summary>
internal static class CombineExport
{
    /// <summary>An ONNX operator of two operands, applied from the first input to the last.</summary>
    public static void Elementwise(NodeExport node, string kind)
    {
        TensorOrder order = node.CommonOrder();
        string result = node.Input(0, order);
        for (int i = 1; i < node.InputCount; i++)
            result = node.Emit(kind, [result, node.Input(i, order)]);
        node.Define(result, order, node.Value(0).Image);
    }

    /// <summary>Inputs side by side along their channels; rows in the order of this library.</summary>
    public static void Concatenate(NodeExport node)
    {
        int rank = node.Output.Rank;
        bool channelsFirst = rank == 3 && Enumerable.Range(0, node.InputCount).Any(i => node.Value(i).Order == TensorOrder.ChannelsFirst);
        TensorOrder order = channelsFirst ? TensorOrder.ChannelsFirst : TensorOrder.Natural;
        IEnumerable<string> inputs = Enumerable.Range(0, node.InputCount).Select(i => node.Input(i, order));
        node.Define(node.Emit("Concat", [.. inputs], Attribute.Integer("axis", channelsFirst ? 1 : rank)), order);
    }

    /// <summary>Tensors of any type side by side along their last dimension; those without a batch are repeated for every sample.</summary>
    public static void ConcatenateTensors(NodeExport node)
    {
        int rank = node.Output.Rank;
        TensorOrder order = rank == 3 && Enumerable.Range(0, node.InputCount).Any(i => node.Value(i).Order == TensorOrder.ChannelsFirst)
            ? TensorOrder.ChannelsFirst
            : TensorOrder.Natural;
        if (node.InputCount == 2 && (Filler(node, 0) ?? Filler(node, 1)) is { } filler)
        {
            int filled = Filler(node, 0) is null ? 1 : 0;
            int axis = order == TensorOrder.ChannelsFirst ? 1 : rank;
            int[] pads = new int[2 * (rank + 1)];
            pads[(filled * (rank + 1)) + axis] = filler.Shape.Dimensions[^1];
            int size = ElementTypes.SizeOf(filler.Type);
            string fill = node.Constant("fill", filler.Type, MemoryMarshal.AsBytes(filler.Values.Span)[..size]);
            node.Define(node.Emit("Pad", [node.Input(1 - filled, order), node.Integers("pads", pads), fill]), order);
            return;
        }

        int like = Enumerable.Range(0, node.InputCount).FirstOrDefault(i => !node.LacksBatch(i));
        IEnumerable<string> inputs = Enumerable.Range(0, node.InputCount)
            .Select(i => node.LacksBatch(i) ? Repeated(node, node.Input(i, order), rank, node.Input(like, order)) : node.Input(i, order));
        node.Define(node.Emit("Concat", [.. inputs], Attribute.Integer("axis", order == TensorOrder.ChannelsFirst ? 1 : rank)), order);
    }

    // A constant that is one number throughout and the same for every sample: padding.
    private static ConstantOperation? Filler(NodeExport node, int index)
    {
        if (!node.LacksBatch(index) || node.Value(index).Constant is not { Type: ElementType.Float32 } constant)
            return null;
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(constant.Values.Span[..constant.Shape.ElementCount]);
        return bits.ContainsAnyExcept(bits[0]) ? null : constant;
    }

    private static string Repeated(NodeExport node, string tensor, int rank, string like)
    {
        string samples = node.Emit("Shape", [like], Attribute.Integer("start", 0), Attribute.Integer("end", 1));
        string shape = node.Emit("Concat", [samples, node.Integers("ones", Enumerable.Repeat(1, rank))], Attribute.Integer("axis", 0));
        return node.Emit("Expand", [tensor, shape]);
    }

    /// <summary>Products, or images times factors that are the same for all pixels.</summary>
    public static void Multiply(NodeExport node)
    {
        if (node.InputShape(1) == node.InputShape(0))
        {
            Elementwise(node, "Mul");
            return;
        }

        string factors = node.Input(1, node.InputShape(1).Rank == 3 ? TensorOrder.ChannelsFirst : TensorOrder.Natural);
        if (node.InputShape(1).Rank == 1)
            factors = node.Emit("Reshape", [factors, node.Constant("factors", 0, node.InputShape(1)[0], 1, 1)]);
        node.Define(node.Emit("Mul", [node.Input(0, TensorOrder.ChannelsFirst), factors]), TensorOrder.ChannelsFirst);
    }
}

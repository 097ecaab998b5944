using System.Runtime.InteropServices;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>Pad.</summary>
internal static class PadImport
{
    private static readonly int[] s_first = [0];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } = [new("Pad", Pad)];

    private static void Pad(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        bool isOld = node.Opset < 11;
        string mode = node.Opset < 19
            ? node.Choice("mode", "constant", "constant", "reflect", "edge")
            : node.Choice("mode", "constant", "constant", "reflect", "edge", "wrap");
        int[] given = (isOld ? node.Ints(node.Opset < 2 ? "paddings" : "pads") : node.IntsOf(1)) ?? throw node.Damaged(isOld
            ? $"the attribute {(node.Opset < 2 ? "paddings" : "pads")} is missing"
            : "the input pads is missing");
        long[]? named = node.Opset < 18 ? null : node.LongsOf(3);
        int[] axes = named is null ? GraphImport.Identity(x.Rank) : node.Axes(named, x.Rank);
        if (given.Length != 2 * axes.Length)
            throw node.Damaged($"there are {given.Length} pads; expected {2 * axes.Length}");
        long fill = mode == "constant" ? Fill(node, x.Type, isOld) : 0;
        if (isOld)
            node.Ignore("value");
        var before = new int[x.Rank];
        var after = new int[x.Rank];
        for (int i = 0; i < axes.Length; i++)
            (before[axes[i]], after[axes[i]]) = (given[i], given[axes.Length + i]);
        int[] dimensions = Dimensions(node, x, before, after);
        if (dimensions.Contains(0))
        {
            node.Set(GraphImport.Empty(x.Type, dimensions));
            return;
        }

        node.Graph.RequireFits(x.Type, dimensions);
        bool isConstant = mode == "constant";
        if (!isConstant && x.Count == 0)
            throw node.Damaged("the input has no elements to repeat");
        if (isConstant && x.Count == 0)
            node.Set(Filled(node.Graph, x.Type, dimensions, fill));
        else if (isConstant && fill == 0 && ZeroPadding(node, x, before, after, dimensions) is { } padded)
            node.Set(padded);
        else
            node.Set(Select(node, x, mode, before, after, fill));
    }

    private static long Fill(NodeImport node, ElementType type, bool isOld)
    {
        if (isOld)
            return BitConverter.SingleToUInt32Bits(node.Float("value", 0));
        if (node.Optional(2) is not { } value)
            return 0;
        if (!value.IsConstant)
            throw node.DependsOnData(2);
        if (value.Type != type || value.Count != 1)
            throw node.Damaged($"the input constant_value is {value.Count} elements of {value.Type}; expected one of {type}");
        Span<byte> bits = stackalloc byte[sizeof(long)];
        bits.Clear();
        value.Constant.Bytes.Span.CopyTo(bits);
        return MemoryMarshal.Read<long>(bits);
    }

    private static int[] Dimensions(NodeImport node, ImportedValue x, int[] before, int[] after)
    {
        var dimensions = new int[x.Rank];
        for (int i = 0; i < dimensions.Length; i++)
        {
            long length = (long)x.Dimensions[i] + before[i] + after[i];
            if (length < 0 || length > int.MaxValue || Math.Min(before[i], 0L) + Math.Min(after[i], 0L) < -x.Dimensions[i])
                throw node.Damaged($"dimension {i} is {x.Dimensions[i]} and is padded by {before[i]} and {after[i]}");
            dimensions[i] = (int)length;
        }

        return dimensions;
    }

    private static ImportedValue Filled(GraphImport graph, ElementType type, int[] dimensions, long fill)
    {
        OnnxTensor tensor = graph.Allocate(type, dimensions);
        Span<byte> bytes = tensor.Bytes.Span;
        ReadOnlySpan<byte> element = MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in fill))[..ElementTypes.SizeOf(type)];
        for (int i = 0; i < bytes.Length; i += element.Length)
            element.CopyTo(bytes[i..]);
        return new ImportedValue(tensor, dependsOnShape: true);
    }

    // Zeros around images are the layer's operation, which the compiler folds into convolutions.
    private static ImportedValue? ZeroPadding(NodeImport node, ImportedValue x, int[] before, int[] after, int[] dimensions)
    {
        if (x.Type != ElementType.Float32 || x.IsConstant || x.Rank is not (3 or 4) || before.Concat(after).Any(side => side < 0))
            return null;
        int[] order = GraphImport.OrderOf(x);
        if (Pads(order[^1]) && !Pads(1))
            order = GraphImport.ChannelsLast(x.Rank);
        if (Pads(order[0]) || Pads(order[^1]))
            return null;
        int row = order[^2];
        (int top, int bottom) = x.Rank == 4 ? (before[order[1]], after[order[1]]) : (0, 0);
        GraphTensor tensor = node.Graph.As(x, order);
        Shape memory = tensor.Shape;
        GraphTensor images = x.Rank == 4 ? tensor : node.Graph.View(tensor, Shape.Nhwc(memory[0], 1, memory[1], memory[2]));
        GraphTensor y = node.Graph.Emit(new ZeroPadding2DOperation(top, before[row], bottom, after[row]), images);
        return node.Graph.ToValue(node.Graph.View(y, new Shape([.. order.Select(dimension => dimensions[dimension])])), dimensions, order);

        bool Pads(int dimension) => before[dimension] != 0 || after[dimension] != 0;
    }

    private static ImportedValue Select(NodeImport node, ImportedValue x, string mode, int[] before, int[] after, long fill)
    {
        if (x.Rank == 0)
            return x;
        var tables = new int[]?[x.Rank];
        for (int i = 0; i < tables.Length; i++)
        {
            if (before[i] != 0 || after[i] != 0)
                tables[i] = Table(node, mode, x.Dimensions[i], before[i], after[i]);
        }

        return AxisPasses.Apply(node.Graph, x, GraphImport.OrderOf(x), tables, s_first, table => table.Length,
            (rows, columns) => new SelectOperation(rows, columns, fill));
    }

    // Negative sides are cut off first: what is repeated is what is left.
    private static int[] Table(NodeImport node, string mode, int length, int before, int after)
    {
        int start = Math.Max(0, -before);
        int left = length - start - Math.Max(0, -after);
        if (left == 0 && mode != "constant")
            throw node.Damaged("the negative pads leave nothing to repeat");
        var table = new int[length + before + after];
        for (int i = 0; i < table.Length; i++)
        {
            int place = i - Math.Max(0, before);
            table[i] = place >= 0 && place < left ? start + place : mode == "constant" ? -1 : start + Outside(mode, place, left);
        }

        return table;
    }

    private static int Outside(string mode, int place, int length)
    {
        if (mode == "edge" || length == 1)
            return Math.Clamp(place, 0, length - 1);
        int period = mode == "wrap" ? length : 2 * (length - 1);
        int rest = ((place % period) + period) % period;
        return rest < length ? rest : period - rest;
    }
}

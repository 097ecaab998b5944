using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Operations of imported models that put elements elsewhere.</summary>
internal static class ArrangementExport
{
    // Where the dimensions of images channels last are in images channels first.
    private static readonly int[] s_place = [0, 2, 3, 1];

    /// <summary>A Transpose; where a tensor of the input already is what is wanted, that.</summary>
    public static void Transpose(NodeExport node, TransposeOperation operation)
    {
        ExportedValue input = node.Value(0);
        int[] order = [.. operation.Order];
        bool isImage = order.Length == 4 && order[0] == 0;
        if (isImage && order.SequenceEqual([0, 2, 3, 1]) && input[TensorOrder.Natural] is { } natural && input.Constant is null)
        {
            node.Share(natural, TensorOrder.ChannelsFirst, node.Output);
            return;
        }

        if (isImage && order.SequenceEqual([0, 3, 1, 2]) && input[TensorOrder.ChannelsFirst] is { } first)
        {
            node.Share(first, TensorOrder.Natural, node.Output);
            return;
        }

        if (order.Length == 4 && input.Sample.Rank == 3 && input.Order == TensorOrder.ChannelsFirst)
            node.Define(node.Transpose(node.Input(0, TensorOrder.ChannelsFirst), [.. order.Select(axis => s_place[axis])]),
                TensorOrder.Natural);
        else
            node.Define(node.Transpose(node.Natural(0), order), TensorOrder.Natural);
    }

    /// <summary>A Slice of the dimensions that change, and an Expand of those that are repeated.</summary>
    public static void StridedView(NodeExport node, StridedViewOperation operation)
    {
        Shape x = node.BatchOfOne(0);
        TensorOrder order = x.Rank == 4 ? node.CommonOrder() : TensorOrder.Natural;
        int[] axes = [.. Enumerable.Range(operation.KeepsFirst ? 1 : 0, x.Rank - (operation.KeepsFirst ? 1 : 0))
            .Where(axis => operation.Starts[axis] != 0 || operation.Steps[axis] != 1 || operation.Counts[axis] != x[axis])];
        string result = node.Input(0, order);
        int[] sliced = [.. axes.Where(axis => x[axis] != 1)];
        if (sliced.Length > 0)
        {
            IEnumerable<int> counts = sliced.Select(axis => operation.Steps[axis] == 0 ? 1 : operation.Counts[axis]);
            int[] steps = [.. sliced.Select(axis => operation.Steps[axis] == 0 ? 1 : operation.Steps[axis])];
            int[] ends = [.. sliced.Zip(counts, steps).Select(part => End(operation.Starts[part.First], part.Second, part.Third))];
            result = node.Emit("Slice",
                [result, node.Integers("starts", sliced.Select(axis => operation.Starts[axis])), node.Integers("ends", ends),
                    node.Integers("axes", sliced.Select(axis => Place(axis, order))), node.Integers("steps", steps)]);
        }

        int[] repeated = [.. axes.Where(axis => operation.Steps[axis] == 0 || x[axis] == 1).Where(axis => operation.Counts[axis] != 1)];
        if (repeated.Length > 0 || sliced.Length == 0)
        {
            int[] shape = [.. Enumerable.Repeat(1, x.Rank)];
            foreach (int axis in repeated)
                shape[Place(axis, order)] = operation.Counts[axis];
            result = node.Emit("Expand", [result, node.Integers("shape", shape)]);
        }

        node.Define(result, order);
    }

    /// <summary>A Pad for what the input does not have, and a Slice or Gather for the rest.</summary>
    public static void Select(NodeExport node, SelectOperation operation)
    {
        Shape x = node.BatchOfOne(0);
        bool isImage = node.Value(0) is { Image: not null, Order: TensorOrder.ChannelsFirst } && x[1] == 1;
        string result = isImage ? node.Input(0, TensorOrder.ChannelsFirst) : node.Natural(0);
        int rows = 2;
        int[] pads = new int[isImage ? 8 : 10];
        IReadOnlyList<int>[] lists = [operation.Rows, operation.Columns];
        for (int i = 0; i < lists.Length; i++)
        {
            int before = lists[i].TakeWhile(index => index < 0).Count();
            int after = before == lists[i].Count ? 0 : lists[i].Reverse().TakeWhile(index => index < 0).Count();
            int[] picked = [.. lists[i].Skip(before).Take(lists[i].Count - before - after)];
            if (picked.Length == 0 || picked.Contains(-1))
                throw new NotSupportedException(
                    $"OnnxModel.Export: {node.Who}: gaps between the elements that it picks have no ONNX form here; nothing was written.");
            pads[rows + i] = before;
            pads[(pads.Length / 2) + rows + i] = after;
            if (!picked.SequenceEqual(Enumerable.Range(0, x[2 + i])))
                result = node.Emit("Gather", [result, node.Integers("indices", picked)], Attribute.Integer("axis", rows + i));
        }

        if (pads.Any(count => count > 0))
            result = node.Emit("Pad", [result, node.Integers("pads", pads), node.Constant("fill", node.TypeOf(0),
                BitConverter.GetBytes(operation.Fill).AsSpan(0, ElementTypes.SizeOf(node.TypeOf(0))))]);
        if (isImage)
            node.Define(result == node.Input(0, TensorOrder.ChannelsFirst) ? node.Emit("Identity", [result]) : result,
                TensorOrder.ChannelsFirst, new Shape(operation.Rows.Count, operation.Columns.Count, x[4]));
        else
            node.Define(result == node.Natural(0) ? node.Emit("Identity", [result]) : result, TensorOrder.Natural);
    }

    private static int Place(int axis, TensorOrder order) => order == TensorOrder.ChannelsFirst ? s_place[axis] : axis;

    // Backwards to the first element the end is before it, which counts from the end where it is negative.
    private static int End(int start, int count, int step)
    {
        long end = start + ((long)count * step);
        return end < 0 ? -int.MaxValue : (int)Math.Min(end, int.MaxValue);
    }
}

using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>Elements taken together along dimensions, and the largest or smallest among them.</summary>
internal static class ReductionImport
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        Reduce("ReduceSum", Reduction.Sum, 13),
        Reduce("ReduceMean", Reduction.Mean),
        Reduce("ReduceMax", Reduction.Maximum),
        Reduce("ReduceMin", Reduction.Minimum),
        Reduce("ReduceProd", Reduction.Product),
        Reduce("ReduceL1", Reduction.L1),
        Reduce("ReduceL2", Reduction.L2),
        Reduce("ReduceSumSquare", Reduction.SumOfSquares),
        Reduce("ReduceLogSum", Reduction.LogSum),
        Reduce("ReduceLogSumExp", Reduction.LogSumExp),
        new("ArgMax", node => Argument(node, ofMaximum: true)),
        new("ArgMin", node => Argument(node, ofMaximum: false)),
        new("TopK", Top, Limits: "a constant number of elements"),
    ];

    private static OperatorEntry Reduce(string name, Reduction reduction, int axesAreInputSince = 18) =>
        new(name, node => Reduce(node, reduction, node.Opset >= axesAreInputSince));

    private static void Reduce(NodeImport node, Reduction reduction, bool axesAreInput)
    {
        ImportedValue x = node.Input(0);
        long[]? given = axesAreInput ? node.LongsOf(1) : node.Longs("axes");
        bool keeps = node.Flag("keepdims", true);
        bool nothing = axesAreInput && node.Flag("noop_with_empty_axes", false);
        // Together over no dimensions, each element is still made absolute, squared and so on.
        if (given is null or { Length: 0 })
            given = nothing ? [] : [.. Enumerable.Range(0, x.Rank).Select(axis => (long)axis)];

        int[] axes = node.Axes(given, x.Rank);
        int[] dimensions = [.. Enumerable.Range(0, x.Rank).Select(i => axes.Contains(i) ? 1 : x.Dimensions[i])];
        if (x.Count == 0)
            throw node.Unsupported("the input has no elements");
        node.Set(Kept(node.Graph, Together(node.Graph, x, axes, new ReduceOperation(reduction), dimensions), axes, keeps));
    }

    private static void Argument(NodeImport node, bool ofMaximum)
    {
        ImportedValue x = node.Input(0);
        int axis = node.Axis(node.Int("axis", 0), x.Rank);
        bool keeps = node.Flag("keepdims", true);
        bool takesLast = node.Opset >= 12 && node.Flag("select_last_index", false);
        int[] dimensions = [.. x.Dimensions];
        dimensions[axis] = 1;
        node.Set(Kept(node.Graph, Together(node.Graph, x, [axis], new ArgumentOperation(ofMaximum, takesLast), dimensions), [axis], keeps));
    }

    // The dimensions that go lie side by side in memory where that takes no move; else they are moved to the end.
    private static ImportedValue Together(GraphImport graph, ImportedValue x, int[] axes, Operation operation, int[] dimensions)
    {
        int[] order = GraphImport.OrderOf(x);
        int first = Array.FindIndex(order, axes.Contains);
        int last = Array.FindLastIndex(order, axes.Contains);
        if (axes.Length == 0)
            (first, last) = (order.Length, order.Length - 1);
        if (order.Skip(first).Take(last - first + 1).Any(dimension => !axes.Contains(dimension) && x.Dimensions[dimension] != 1))
        {
            order = [.. order.Where(dimension => !axes.Contains(dimension)), .. order.Where(axes.Contains)];
            (first, last) = (order.Length - axes.Length, order.Length - 1);
        }

        if (x.IsBatched && first == 0)
            throw new NotBatchedException($"'{graph.NodeName}' takes samples together");
        GraphTensor tensor = graph.As(x, order);
        int n = first == 0 ? 1 : x.Dimensions[order[0]];
        int outer = Product(x, order.Take(first).Skip(1));
        int count = Product(x, order.Skip(first).Take(last - first + 1));
        int inner = Product(x, order.Skip(last + 1));
        bool isMeanOfImages = operation is ReduceOperation { Reduction: Reduction.Mean } && first == 1
            && x is { IsConstant: false, Type: ElementType.Float32 };
        GraphTensor y = isMeanOfImages
            ? graph.Emit(new GlobalAveragePool2DOperation(), graph.View(tensor, Shape.Nhwc(n, 1, count, inner)))
            : graph.Emit(operation, graph.View(tensor, new Shape(n, outer, count, inner)));
        Shape shape = dimensions.Length == 0 ? new Shape(1) : new Shape([.. order.Select(dimension => dimensions[dimension])]);
        return graph.ToValue(graph.View(y, shape), dimensions, order);
    }

    private static int Product(ImportedValue x, IEnumerable<int> dimensions) =>
        dimensions.Aggregate(1, (product, dimension) => checked(product * x.Dimensions[dimension]));

    private static ImportedValue Kept(GraphImport graph, ImportedValue y, int[] axes, bool keeps)
    {
        if (keeps)
            return y;
        int[] dimensions = [.. y.Dimensions.Where((_, i) => !axes.Contains(i))];
        return y.Layout?.Squeeze(axes) is { } layout
            ? new ImportedValue(y.Info!, dimensions, layout)
            : ShapeImport.WithDimensions(graph, y, dimensions);
    }

    private static void Top(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        int axis = node.Axis(node.Int("axis", -1), x.Rank);
        bool largest = node.Opset < 11 || node.Flag("largest", true);
        if (node.Opset >= 11)
            node.Ignore("sorted");
        int count = node.Opset < 10 ? node.Int("k", 0) : node.RequiredIntsOf(1)[0];
        if (count < 0 || count > x.Dimensions[axis])
            throw node.Damaged($"{count} elements are asked for; expected 0 to the {x.Dimensions[axis]} of axis {axis}");
        int[] dimensions = [.. x.Dimensions];
        dimensions[axis] = count;
        if (count == 0)
        {
            node.Set(0, GraphImport.Empty(x.Type, dimensions));
            node.Set(1, GraphImport.Empty(ElementType.Int64, dimensions));
            return;
        }

        int[] order = [.. GraphImport.OrderOf(x).Where(dimension => dimension != axis), axis];
        GraphTensor tensor = node.Graph.As(x, order);
        if (node.Wants(0))
            node.Set(0, node.Graph.ToValue(node.Graph.Emit(new TopOperation(count, largest, Indices: false), tensor), dimensions, order));
        if (node.Wants(1))
            node.Set(1, node.Graph.ToValue(node.Graph.Emit(new TopOperation(count, largest, Indices: true), tensor), dimensions, order));
    }
}

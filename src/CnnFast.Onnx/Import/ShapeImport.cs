using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>Other dimensions over the same elements, parts of tensors, and shapes as numbers.</summary>
internal static class ShapeImport
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("Shape", ShapeOf),
        new("Size", node => node.Set(new ImportedValue(OnnxTensor.Create([node.Input(0).Count]), dependsOnShape: true))),
        new("Reshape", Reshape),
        new("Flatten", Flatten),
        new("Transpose", Transpose),
        new("Squeeze", Squeeze),
        new("Unsqueeze", Unsqueeze),
        new("Concat", Concat),
        new("Slice", Slice),
    ];

    /// <summary>A value under other dimensions with the same elements in the same order.</summary>
    public static ImportedValue WithDimensions(GraphImport graph, ImportedValue x, int[] dimensions)
    {
        if (x.IsConstant)
            return new ImportedValue(new OnnxTensor(x.Type, x.Constant.Bytes, dimensions), x.DependsOnShape);
        if (x.Layout!.Reshape(dimensions) is { } layout)
            return new ImportedValue(x.Info!, dimensions, layout);
        GraphTensor tensor = graph.Standard(x);
        return graph.ToValue(graph.View(tensor, dimensions.Length == 0 ? new Shape(1) : new Shape(dimensions)), dimensions);
    }

    /// <summary>A part of a value: in every dimension so many elements from a start on in steps.</summary>
    public static ImportedValue Part(NodeImport node, ImportedValue x, int[] starts, int[] steps, int[] counts)
    {
        if (counts.Contains(0))
            return GraphImport.Empty(x.Type, counts);
        bool all = true;
        for (int i = 0; i < counts.Length; i++)
            all &= starts[i] == 0 && steps[i] == 1 && counts[i] == x.Dimensions[i];
        if (all)
            return x;
        int[] order = GraphImport.OrderOf(x);
        int first = order[0];
        bool keepsFirst = starts[first] == 0 && steps[first] == 1 && counts[first] == x.Dimensions[first];
        var operation = new StridedViewOperation(keepsFirst, Ordered(starts, order), Ordered(steps, order), Ordered(counts, order));
        return node.Graph.ToValue(node.Graph.Emit(operation, node.Graph.As(x, order)), counts, order);
    }

    private static int[] Ordered(int[] values, int[] order) => [.. order.Select(dimension => values[dimension])];

    private static void ShapeOf(NodeImport node)
    {
        int[] dimensions = node.Input(0).Dimensions;
        int start = Bound(node.Int("start", 0), dimensions.Length);
        int end = Bound(node.Int("end", dimensions.Length), dimensions.Length);
        long[] part = [.. dimensions.Skip(start).Take(Math.Max(0, end - start)).Select(dimension => (long)dimension)];
        node.Set(new ImportedValue(OnnxTensor.Create(part, part.Length), dependsOnShape: true));
    }

    private static int Bound(int value, int rank) => Math.Clamp(value < 0 ? value + rank : value, 0, rank);

    private static void Reshape(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        int[] target = (node.Opset < 5 ? node.Ints("shape") : node.IntsOf(1)) ?? throw node.Damaged("the shape is missing");
        bool allowZero = node.Flag("allowzero", false);
        bool[] isWritten = [.. target.Select(dimension => dimension == 1 && (node.Opset < 5 || !node.Input(1).DependsOnShape))];
        int open = -1;
        long known = 1;
        for (int i = 0; i < target.Length; i++)
        {
            if (target[i] == 0 && !allowZero)
                target[i] = i < x.Rank
                    ? x.Dimensions[i]
                    : throw node.Damaged($"dimension {i} is to stay as it is; the input is [{string.Join(", ", x.Dimensions)}]");
            if (target[i] < -1 || (target[i] == -1 && open >= 0))
                throw node.Damaged($"the shape is [{string.Join(", ", target)}]; expected at most one -1 and nothing below it");
            if (target[i] == -1)
                open = i;
            else
                known *= target[i];
        }

        if (open >= 0)
            target[open] = known != 0 && x.Count % known == 0 ? (int)(x.Count / known) : throw Misfit(node, x, target);
        else if (known != x.Count)
            throw Misfit(node, x, target);
        ImportedValue y = WithDimensions(node.Graph, x, target);
        if (node.Graph.IsBatchOpen && y is { IsBatched: true, Layout.BatchDimension: >= 0 and int batch } && isWritten[batch])
            throw new NotBatchedException($"{node.Who} makes all samples one");
        node.Set(y);
    }

    private static DataFormatException Misfit(NodeImport node, ImportedValue x, int[] target) =>
        node.Damaged(
            $"the input is [{string.Join(", ", x.Dimensions)}], {x.Count} elements, which do not fill [{string.Join(", ", target)}]");

    private static void Flatten(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        int axis = node.Int("axis", 1);
        if (axis < -x.Rank || axis > x.Rank)
            throw node.Damaged($"the axis {axis} is given; expected {-x.Rank} to {x.Rank}");
        if (axis < 0)
            axis += x.Rank;
        node.Set(WithDimensions(node.Graph, x, [Product(x.Dimensions.AsSpan(0, axis)), Product(x.Dimensions.AsSpan(axis))]));
    }

    private static int Product(ReadOnlySpan<int> dimensions)
    {
        int product = 1;
        foreach (int dimension in dimensions)
            product = checked(product * dimension);
        return product;
    }

    private static void Transpose(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        int[] order = node.Ints("perm") ?? [.. GraphImport.Identity(x.Rank).Reverse()];
        if (!order.Order().SequenceEqual(GraphImport.Identity(x.Rank)))
            throw node.Damaged($"the attribute perm is [{string.Join(", ", order)}]; expected every one of {x.Rank} dimensions once");
        int[] dimensions = Ordered(x.Dimensions, order);
        if (x.Count == 0)
            node.Set(GraphImport.Empty(x.Type, dimensions));
        else if (x.Layout is { } layout)
            node.Set(new ImportedValue(x.Info!, dimensions, layout.Transpose(order)));
        else
            node.Set(node.Graph.As(x, order), dimensions);
    }

    private static void Squeeze(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        long[]? given = node.Opset < 13 ? node.Longs("axes") : node.LongsOf(1);
        int[] axes = given is null ? [.. GraphImport.Identity(x.Rank).Where(i => x.Dimensions[i] == 1)] : node.Axes(given, x.Rank);
        if (axes.Any(axis => x.Dimensions[axis] != 1))
            throw node.Damaged(
                $"the axes [{string.Join(", ", axes)}] of [{string.Join(", ", x.Dimensions)}] are to go; expected dimensions of 1");
        int[] dimensions = [.. x.Dimensions.Where((_, i) => !axes.Contains(i))];
        node.Set(x.Layout?.Squeeze(axes) is { } layout
            ? new ImportedValue(x.Info!, dimensions, layout)
            : WithDimensions(node.Graph, x, dimensions));
    }

    private static void Unsqueeze(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        long[] given = (node.Opset < 13 ? node.Longs("axes") : node.LongsOf(1)) ?? throw node.Damaged("the axes are missing");
        int rank = x.Rank + given.Length;
        int[] axes = node.Axes(given, rank);
        var dimensions = new int[rank];
        int next = 0;
        for (int i = 0; i < rank; i++)
            dimensions[i] = axes.Contains(i) ? 1 : x.Dimensions[next++];
        node.Set(x.Layout is { } layout
            ? new ImportedValue(x.Info!, dimensions, layout.Unsqueeze(axes, rank))
            : WithDimensions(node.Graph, x, dimensions));
    }

    private static void Concat(NodeImport node)
    {
        ImportedValue[] inputs = node.AllInputs();
        int rank = inputs[0].Rank;
        int axis = node.Axis(node.Int("axis", node.Opset < 4 ? 1 : 0), rank);
        foreach (ImportedValue input in inputs)
        {
            if (input.Rank != rank || Enumerable.Range(0, rank).Any(i => i != axis && input.Dimensions[i] != inputs[0].Dimensions[i]))
                throw node.Damaged("the inputs are " +
                    $"{string.Join(" and ", inputs.Select(value => $"[{string.Join(", ", value.Dimensions)}]"))}; " +
                    $"expected dimensions that differ in axis {axis} only");
        }

        int[] dimensions = [.. inputs[0].Dimensions];
        dimensions[axis] = checked(inputs.Sum(input => input.Dimensions[axis]));
        ImportedValue[] parts = [.. inputs.Where(input => input.Count > 0)];
        if (parts.Length < 2)
        {
            node.Set(parts.Length == 1 ? parts[0] : GraphImport.Empty(inputs[0].Type, dimensions));
            return;
        }

        int[] order = GraphImport.OrderOf(parts.FirstOrDefault(part => !part.IsConstant) ?? parts[0]);
        int place = Array.IndexOf(order, axis);

        // What lies inside the axis belongs to its elements: side by side along the last dimension of a view.
        GraphTensor[] tensors = [.. parts.Select(part => Merged(node.Graph, node.Graph.As(part, order), place))];
        bool isPlain = tensors[0].Type == ElementType.Float32 && tensors[0].Shape.Rank > 1
            && tensors.All(tensor => tensor.Constant is null && tensor.IsBatched == tensors[0].IsBatched);
        GraphTensor y = node.Graph.Emit(isPlain ? new ConcatenateOperation() : new ConcatenateTensorsOperation(), tensors);
        node.Set(0, node.Graph.ToValue(node.Graph.View(y, new Shape(Ordered(dimensions, order))), dimensions, order));
    }

    private static GraphTensor Merged(GraphImport graph, GraphTensor tensor, int place)
    {
        ReadOnlySpan<int> dimensions = tensor.Shape.Dimensions;
        return graph.View(tensor, new Shape([.. dimensions[..place], Product(dimensions[place..])]));
    }

    private static void Slice(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        bool isOld = node.Opset < 10;
        long[] starts = (isOld ? node.Longs("starts") : node.LongsOf(1)) ?? throw node.Damaged("the starts are missing");
        long[] ends = (isOld ? node.Longs("ends") : node.LongsOf(2)) ?? throw node.Damaged("the ends are missing");
        long[] given = (isOld ? node.Longs("axes") : node.LongsOf(3)) ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        long[] steps = (isOld ? null : node.LongsOf(4)) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        int[] axes = node.Axes(given, x.Rank);
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length || steps.Contains(0))
            throw node.Damaged("starts, ends, axes and steps differ in length, or a step is 0");
        var from = new int[x.Rank];
        int[] step = [.. Enumerable.Repeat(1, x.Rank)];
        int[] counts = [.. x.Dimensions];
        for (int i = 0; i < axes.Length; i++)
        {
            int length = x.Dimensions[axes[i]];
            long by = steps[i];
            bool isToEnd = ends[i] >= int.MaxValue || (!isOld && node.Input(2).DependsOnShape);
            if (x.IsBatched && x.Layout!.BatchDimension == axes[i] && !(starts[i] == 0 && by == 1 && isToEnd))
                throw new NotBatchedException($"{node.Who} picks samples");
            long start = starts[i] < 0 ? Math.Max(starts[i] + length, by < 0 ? -1 : 0) : starts[i];
            long end = ends[i] < 0 ? Math.Max(ends[i] + length, -1) : ends[i];
            start = Math.Min(start, by < 0 ? length - 1 : length);
            end = by < 0 ? end : Math.Min(Math.Max(end, 0), length);
            long count = by > 0 ? (end - start + by - 1) / by : start < 0 ? 0 : (Math.Min(end, length) - start + by + 1) / by;
            counts[axes[i]] = (int)Math.Clamp(count, 0, length);
            from[axes[i]] = (int)Math.Max(start, 0);
            step[axes[i]] = (int)Math.Clamp(by, -length, length);
        }

        node.Set(Part(node, x, from, step, counts));
    }
}

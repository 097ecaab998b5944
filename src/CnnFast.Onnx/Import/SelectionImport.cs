using System.Runtime.InteropServices;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>Elements picked, repeated and cut apart.</summary>
internal static class SelectionImport
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("Gather", Gather),
        new("Where", Where, 9),
        new("Expand", Expand, 8, Limits: "a constant shape"),
        new("Tile", Tile, Limits: "constant repeats"),
        new("Split", Split, Limits: "constant lengths"),
        new("Range", Range, 11, Limits: "constant bounds"),
    ];

    private static void Gather(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        ImportedValue indices = node.Input(1);
        int axis = node.Axis(node.Int("axis", 0), x.Rank);
        int[] dimensions = [.. x.Dimensions[..axis], .. indices.Dimensions, .. x.Dimensions[(axis + 1)..]];
        if (dimensions.Contains(0))
        {
            node.Set(GraphImport.Empty(x.Type, dimensions));
            return;
        }

        if (x.Count == 0)
            throw node.Damaged("the input has no elements to pick from");
        if (indices.IsConstant && node.LongsOf(1)!.Any(index => index < -x.Dimensions[axis] || index >= x.Dimensions[axis]))
            throw node.Damaged($"an index is out of range; expected {-x.Dimensions[axis]} to {x.Dimensions[axis] - 1}");
        int[] order = GraphImport.OrderOf(x);
        int place = Array.IndexOf(order, axis);
        if (x.IsBatched && place == 0)
            throw new NotBatchedException($"{node.Who} picks samples");
        GraphTensor tensor = node.Graph.As(x, order);
        ReadOnlySpan<int> memory = tensor.Shape.Dimensions;
        GraphTensor picked = node.Graph.Emit(
            new GatherOperation(),
            node.Graph.View(tensor, place == 0
                ? new Shape(1, 1, memory[0], Product(memory[1..]))
                : new Shape(memory[0], Product(memory[1..place]), memory[place], Product(memory[(place + 1)..]))),
            node.Graph.View(node.Graph.Standard(indices), new Shape((int)indices.Count)));
        // The dimensions of the indices stand where the axis was.
        int[] moved = [.. order.SelectMany(dimension =>
            dimension == axis ? Enumerable.Range(axis, indices.Rank) : [dimension < axis ? dimension : dimension - 1 + indices.Rank])];
        Shape shape = dimensions.Length == 0 ? new Shape(1) : new Shape([.. moved.Select(dimension => dimensions[dimension])]);
        node.Set(0, node.Graph.ToValue(node.Graph.View(picked, shape), dimensions, moved));
    }

    private static int Product(ReadOnlySpan<int> dimensions)
    {
        int product = 1;
        foreach (int dimension in dimensions)
            product = checked(product * dimension);
        return product;
    }

    private static void Where(NodeImport node)
    {
        ImportedValue[] inputs = [node.Input(0), node.Input(1), node.Input(2)];
        int[] dimensions = ElementwiseImport.Broadcast(node, inputs);
        if (dimensions.Contains(0))
        {
            node.Set(GraphImport.Empty(inputs[1].Type, dimensions));
            return;
        }

        ImportedValue leader = inputs.FirstOrDefault(input => !input.IsConstant && input.Dimensions.SequenceEqual(dimensions)) ?? inputs[0];
        int[] order = leader.Dimensions.SequenceEqual(dimensions) ? GraphImport.OrderOf(leader) : GraphImport.Identity(dimensions.Length);
        GraphTensor y = node.Graph.Emit(new WhereOperation(),
            [.. inputs.Select(input => ElementwiseImport.InOrder(node.Graph, input, order))]);
        node.Set(0, node.Graph.ToValue(y, dimensions, order));
    }

    private static void Expand(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        int[] target = node.RequiredIntsOf(1);
        if (target.Any(dimension => dimension < 0))
            throw node.Damaged($"the shape is [{string.Join(", ", target)}]; expected nothing below 0");
        node.Set(Repeat(node, x, target));
    }

    // Dimensions of 1 are repeated to those of the target; where both have more, they must agree.
    private static ImportedValue Repeat(NodeImport node, ImportedValue x, int[] target)
    {
        int rank = Math.Max(x.Rank, target.Length);
        int[] own = [.. Enumerable.Repeat(1, rank - x.Rank), .. x.Dimensions];
        int[] wanted = [.. Enumerable.Repeat(1, rank - target.Length), .. target];
        var dimensions = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            if (own[i] != wanted[i] && own[i] != 1 && wanted[i] != 1)
                throw node.Damaged($"the input is [{string.Join(", ", x.Dimensions)}] and the shape [{string.Join(", ", target)}]; " +
                    "expected dimensions that are the same or 1");
            dimensions[i] = own[i] == 1 ? wanted[i] : own[i];
        }

        if (dimensions.Contains(0))
            return GraphImport.Empty(x.Type, dimensions);
        if (dimensions.SequenceEqual(x.Dimensions))
            return x;
        int[] order = rank == x.Rank ? GraphImport.OrderOf(x) : GraphImport.Identity(rank);
        GraphTensor tensor = ElementwiseImport.InOrder(node.Graph, x, order);
        int[] steps = [.. order.Select(dimension => own[dimension] == dimensions[dimension] ? 1 : 0)];
        int[] counts = [.. order.Select(dimension => dimensions[dimension])];
        GraphTensor y = node.Graph.Emit(new StridedViewOperation(steps[0] == 1, new int[rank], steps, counts), tensor);
        return node.Graph.ToValue(y, dimensions, order);
    }

    // A dimension of d that is repeated r times is [r, d] with the first repeated.
    private static void Tile(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        int[] repeats = node.RequiredIntsOf(1);
        if (repeats.Length != x.Rank || repeats.Any(repeat => repeat < 0))
            throw node.Damaged($"the repeats are [{string.Join(", ", repeats)}]; expected {x.Rank} numbers from 0");
        int[] dimensions = [.. x.Dimensions.Zip(repeats, (dimension, repeat) => checked(dimension * repeat))];
        if (dimensions.Contains(0) || dimensions.SequenceEqual(x.Dimensions))
        {
            node.Set(dimensions.Contains(0) ? GraphImport.Empty(x.Type, dimensions) : x);
            return;
        }

        int[] apart = [.. Enumerable.Range(0, x.Rank).SelectMany(i => repeats[i] == 1 ? (int[])[x.Dimensions[i]] : [1, x.Dimensions[i]])];
        int[] repeated = [.. Enumerable.Range(0, x.Rank)
            .SelectMany(i => repeats[i] == 1 ? (int[])[x.Dimensions[i]] : [repeats[i], x.Dimensions[i]])];
        ImportedValue copies = Repeat(node, ShapeImport.WithDimensions(node.Graph, x, apart), repeated);
        node.Set(ShapeImport.WithDimensions(node.Graph, copies, dimensions));
    }

    private static void Split(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        int axis = node.Axis(node.Int("axis", 0), x.Rank);
        int length = x.Dimensions[axis];
        int[]? lengths = node.Opset < 13 ? node.Ints("split") : node.IntsOf(1);
        int parts = node.Opset >= 18 && node.Has("num_outputs") ? node.Int("num_outputs", 1) : node.OutputCount;
        if (parts < 1)
            throw node.Damaged($"{parts} parts are asked for; expected at least 1");

        // Equal parts; the last one is shorter where they do not come out even.
        int part = (length + parts - 1) / parts;
        if (lengths is null && node.Opset < 18 && length % parts != 0)
            throw node.Damaged($"{length} elements of axis {axis} do not make {parts} equal parts");
        lengths ??= [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(length - (i * part), 0, part))];
        if (lengths.Length < node.OutputCount || lengths.Any(count => count < 0) || lengths.Sum(count => (long)count) != length)
            throw node.Damaged($"the parts are [{string.Join(", ", lengths)}]; expected {node.OutputCount} that make {length} together");
        int start = 0;
        for (int i = 0; i < node.OutputCount; i++)
        {
            var starts = new int[x.Rank];
            starts[axis] = start;
            int[] counts = [.. x.Dimensions];
            counts[axis] = lengths[i];
            node.Set(i, ShapeImport.Part(node, x, starts, [.. Enumerable.Repeat(1, x.Rank)], counts));
            start += lengths[i];
        }
    }

    private static void Range(NodeImport node)
    {
        ImportedValue start = node.Input(0);
        ImportedValue[] given = [start, node.Input(1), node.Input(2)];
        if (given.Any(value => value.Type != start.Type))
            throw node.Damaged($"the bounds are of {string.Join(", ", given.Select(value => value.Type))}; expected one type");
        bool dependsOnShape = given.Any(value => value.DependsOnShape);
        if (start.Type == ElementType.Float32)
        {
            double[] bounds = [.. Enumerable.Range(0, 3).Select(i => (double)node.FloatsOf(i)![0])];
            OnnxTensor floats = node.Graph.Allocate(ElementType.Float32, CountOf(node, Math.Ceiling((bounds[1] - bounds[0]) / bounds[2])));
            Span<float> values = MemoryMarshal.Cast<byte, float>(floats.Bytes.Span);
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)(bounds[0] + (i * bounds[2]));
            node.Set(new ImportedValue(floats, dependsOnShape));
            return;
        }

        long[] numbers = [.. Enumerable.Range(0, 3).Select(i => node.LongsOf(i)![0])];
        OnnxTensor tensor = node.Graph.Allocate(start.Type, CountOf(node, Math.Ceiling(((double)numbers[1] - numbers[0]) / numbers[2])));
        Span<byte> bytes = tensor.Bytes.Span;
        for (int i = 0; i < tensor.Count; i++)
        {
            long number = numbers[0] + (i * numbers[2]);
            if (start.Type == ElementType.Int32)
                MemoryMarshal.Cast<byte, int>(bytes)[i] = (int)number;
            else
                MemoryMarshal.Cast<byte, long>(bytes)[i] = number;
        }

        node.Set(new ImportedValue(tensor, dependsOnShape));
    }

    private static int CountOf(NodeImport node, double count) => !double.IsNaN(count) && count <= int.MaxValue
        ? (int)Math.Max(0, count)
        : throw node.Damaged($"the bounds make {count} numbers; expected at most {int.MaxValue}");
}

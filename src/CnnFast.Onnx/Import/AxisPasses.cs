using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>
/// Applies what an operator does to single dimensions, in the order in which they lie in memory: two that are neighbours in one pass.
/// </summary>
internal static class AxisPasses
{
    /// <summary>Changes some dimensions.</summary>
    /// <param name="graph">What is built.</param>
    /// <param name="x">The value.</param>
    /// <param name="order">Which of its dimensions lies where in memory.</param>
    /// <param name="tables">For every dimension what becomes of it; null where it stays.</param>
    /// <param name="identity">What leaves a dimension of 1 as it is.</param>
    /// <param name="length">The length of a dimension afterwards.</param>
    /// <param name="operation">The operation on <c>[N, outer, H, W, inner]</c> for rows and columns.</param>
    public static ImportedValue Apply<TTable>(GraphImport graph, ImportedValue x, int[] order, TTable?[] tables, TTable identity,
        Func<TTable, int> length, Func<TTable, TTable, Operation> operation)
        where TTable : class
    {
        if (x.IsBatched && tables[order[0]] is not null)
            throw new NotBatchedException($"'{graph.NodeName}' changes the number of samples");
        GraphTensor tensor = graph.As(x, order);
        int[] sizes = [.. order.Select(dimension => x.Dimensions[dimension])];
        for (int place = 0; place < sizes.Length; place++)
        {
            if (tables[order[place]] is not { } first)
                continue;
            TTable? second = place > 0 && place + 1 < sizes.Length ? tables[order[place + 1]] : null;
            int next = second is null ? place + 1 : place + 2;
            (int n, int outer) = place == 0 ? (1, 1) : (sizes[0], Product(sizes.AsSpan(1, place - 1)));
            int inner = Product(sizes.AsSpan(next));
            GraphTensor view = graph.View(tensor,
                second is null ? new Shape(n, outer, 1, sizes[place], inner) : new Shape(n, outer, sizes[place], sizes[place + 1], inner));
            tensor = graph.Emit(second is null ? operation(identity, first) : operation(first, second), view);
            sizes[place] = length(first);
            if (second is not null)
                sizes[++place] = length(second);
        }

        var dimensions = new int[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
            dimensions[order[i]] = sizes[i];
        return graph.ToValue(graph.View(tensor, new Shape(sizes)), dimensions, order);
    }

    private static int Product(ReadOnlySpan<int> sizes)
    {
        int product = 1;
        foreach (int size in sizes)
            product = checked(product * size);
        return product;
    }
}

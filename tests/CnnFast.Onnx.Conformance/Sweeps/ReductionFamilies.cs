namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Reductions over axes.</summary>
internal static class ReductionFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("ReduceMean", 7, Bounds.Sum, c => Reduce(c)) { Cases = 6 },
        new("ReduceSum", 7, Bounds.Sum, c => Reduce(c, inputFrom: 13)) { Cases = 6 },
        new("ReduceMax", 7, Bounds.Exact, c => Reduce(c)) { Cases = 6 },
        new("ReduceMin", 7, Bounds.Exact, c => Reduce(c)) { Cases = 6 },
        new("ReduceProd", 7, Bounds.Function, c => Reduce(c)) { Cases = 6 },
        new("ReduceL1", 7, Bounds.Sum, c => Reduce(c)) { Cases = 6 },
        new("ReduceL2", 7, Bounds.Sum, c => Reduce(c)) { Cases = 6 },
        new("ReduceSumSquare", 7, Bounds.Sum, c => Reduce(c)) { Cases = 6 },
        new("ReduceLogSum", 7, Bounds.Function, c => Reduce(c, least: 0.1)) { Cases = 6 },
        new("ReduceLogSumExp", 7, Bounds.Function, c => Reduce(c)) { Cases = 6 },
        new("ArgMax", 7, Bounds.Exact, Index) { Cases = 8 },
        new("ArgMin", 7, Bounds.Exact, Index) { Cases = 8 },
    ];

    private static void Reduce(SweepCase c, int inputFrom = 18, double least = -1)
    {
        int[] x = c.Dimensions(c.Between(1, 4), 6);
        int[] axes = [.. Enumerable.Range(0, x.Length)
            .Where(_ => c.Chance(0.5))
            .Select(axis => c.Opset >= 11 && c.Chance(0.4) ? axis - x.Length : axis)];
        // Integers where the operator gives some: few models reduce any but shapes.
        bool integers = c.Operator is "ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceProd" && c.Chance(0.15);
        ElementType type = integers ? c.Pick(ElementType.Int32, ElementType.Int64) : ElementType.Float32;
        c.Input(integers ? c.Values(type, x, -3, 3) : c.Floats(x, least));
        c.Maybe("keepdims", c.Between(0, 1));
        if (c.Opset >= inputFrom)
        {
            if (axes.Length > 0 || c.Chance(0.3))
                c.Input(Draws.Vector(axes));
            c.Maybe("noop_with_empty_axes", c.Between(0, 1));
        }
        else if (axes.Length > 0)
        {
            c.Set("axes", axes);
        }

        c.Output(type);
    }

    private static void Index(SweepCase c)
    {
        int[] x = c.Dimensions(c.Between(1, 4), 7);
        // Few values, so that the first and the last of the largest differ.
        c.Input(c.Chance(0.3) ? c.Values(ElementType.Int32, x, -2, 2) : c.Floats(x));
        if (c.Chance(0.7))
            c.Set("axis", c.Between(c.Opset >= 11 ? -x.Length : 0, x.Length - 1));
        c.Maybe("keepdims", c.Between(0, 1));
        if (c.Opset >= 12)
            c.Maybe("select_last_index", c.Between(0, 1));
        c.Output(ElementType.Int64);
    }
}

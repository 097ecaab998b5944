namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Operators that pick parts of a tensor.</summary>
internal static class SelectionFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("Split", 7, Bounds.Exact, Split) { Cases = 8 },
        new("Slice", 7, Bounds.Exact, Slice) { Cases = 12 },
        new("Gather", 7, Bounds.Exact, Gather) { Cases = 8 },
        new("TopK", 7, Bounds.Exact, TopK) { Cases = 8 },
        new("Where", 9, Bounds.Exact, Where),
    ];

    private static int Axis(SweepCase c, int axis, int rank, int negativeFrom = 11) =>
        c.Opset >= negativeFrom && c.Chance(0.4) ? axis - rank : axis;

    private static void Split(SweepCase c)
    {
        ElementType type = c.Chance(0.3) ? c.Pick(ElementType.Int32, ElementType.Int64) : ElementType.Float32;
        int[] x = c.Dimensions(c.Between(1, 4));
        int axis = c.Between(0, x.Length - 1), parts = c.Between(1, 4);
        int[] sizes = c.Dimensions(parts, 3);
        bool equal = c.Chance(0.4), uneven = equal && c.Opset >= 18 && parts > 1 && c.Chance(0.5);
        if (equal)
            sizes = [.. sizes.Select(_ => sizes[0])];
        // Equal parts but the last, which is smaller.
        x[axis] = uneven ? (sizes[0] * parts) - c.Between(0, sizes[0] - 1) : sizes.Sum();
        c.Input(c.Values(type, x));
        if (!equal && c.Opset >= 13)
            c.Input(Draws.Vector(sizes));
        else if (!equal)
            c.Set("split", sizes);
        else if (c.Opset >= 18)
            c.Set("num_outputs", parts);
        if (axis > 0 || c.Chance(0.5))
            c.Set("axis", Axis(c, axis, x.Length));
        for (int i = 0; i < parts; i++)
            c.Output(type);
    }

    private static void Slice(SweepCase c)
    {
        ElementType type = c.Opset >= 10 && c.Chance(0.3)
            ? c.Pick(ElementType.Int32, ElementType.Int64, ElementType.UInt8)
            : ElementType.Float32;
        int[] x = c.Dimensions(c.Between(1, 4), 7);
        int[] axes = [.. Enumerable.Range(0, x.Length).Where(_ => c.Chance(0.6))];
        axes = axes.Length == 0 ? [.. Enumerable.Range(0, x.Length)] : axes;
        bool named = axes.Length < x.Length || c.Chance(0.5);
        int[] steps = [.. axes.Select(_ => c.Opset >= 10 ? c.Pick(1, 1, 2, 3, -1, -2) : 1)];
        int[] starts = [.. axes.Select((axis, i) =>
            steps[i] > 0 ? Place(c, x[axis], 0, (x[axis] - 1) / 2) : Place(c, x[axis], x[axis] / 2, x[axis] - 1))];
        int[] ends = [.. axes.Select((axis, i) => End(c, x[axis], steps[i]))];
        int[] given = [.. axes.Select(axis => Axis(c, axis, x.Length, 10))];
        c.Input(c.Values(type, x));
        c.Output(type);
        if (c.Opset < 10)
        {
            c.Set("starts", starts);
            c.Set("ends", ends);
            if (named)
                c.Set("axes", given);
            return;
        }

        bool ints = c.Chance(0.2), stepped = steps.Any(step => step != 1) || c.Chance(0.2);
        c.Input(Indices(starts, ints));
        c.Input(Indices(ends, ints));
        if (named || stepped)
            c.Input(named ? Indices(given, ints) : null);
        if (stepped)
            c.Input(Indices(steps, ints));
    }

    private static int Place(SweepCase c, int size, int least, int most)
    {
        int place = c.Between(least, most);
        return c.Chance(0.3) ? place - size : place;
    }

    private static int End(SweepCase c, int size, int step)
    {
        if (step < 0)
            return c.Chance(0.5) ? int.MinValue + 1 : c.Chance(0.5) ? -size - 1 : Place(c, size, 0, Math.Max(0, (size / 2) - 1));
        return c.Chance(0.4) ? c.Pick(int.MaxValue, size + 3) : Place(c, size, Math.Min((size + 1) / 2, size - 1), size - 1);
    }

    private static OnnxTensor Indices(int[] values, bool ints) => ints ? OnnxTensor.Create(values, values.Length) : Draws.Vector(values);

    private static void Gather(SweepCase c)
    {
        ElementType type = c.Chance(0.4) ? c.Pick(ElementType.Int32, ElementType.Int64, ElementType.Bool) : ElementType.Float32;
        int[] x = c.Dimensions(c.Between(1, 4), 6);
        int axis = c.Between(0, x.Length - 1);
        c.Input(c.Values(type, x));
        c.Input(c.Values(c.Pick(ElementType.Int32, ElementType.Int64), c.Dimensions(c.Between(0, 2), 4), c.Opset >= 11 ? -x[axis] : 0,
            x[axis] - 1));
        if (axis > 0 || c.Chance(0.4))
            c.Set("axis", Axis(c, axis, x.Length));
        c.Output(type);
    }

    private static void TopK(SweepCase c)
    {
        int[] x = c.Dimensions(c.Between(1, 4), 7);
        int axis = c.Between(0, x.Length - 1), k = c.Between(1, x[axis]);
        ElementType type = c.Opset >= 11 && c.Chance(0.25) ? c.Pick(ElementType.Int32, ElementType.Int64) : ElementType.Float32;
        c.Input(c.Values(type, x, -4, 4));
        if (c.Opset >= 10)
            c.Input(Draws.Vector(k));
        else
            c.Set("k", k);
        if (axis != x.Length - 1 || c.Chance(0.4))
            c.Set("axis", Axis(c, axis, x.Length));
        if (c.Opset >= 11)
        {
            c.Maybe("largest", c.Between(0, 1));
            c.Maybe("sorted", 1);
        }

        c.Output(type);
        c.Output(ElementType.Int64);
    }

    private static void Where(SweepCase c)
    {
        ElementType type = c.Chance(0.4) ? c.Pick(ElementType.Int32, ElementType.Int64, ElementType.UInt8) : ElementType.Float32;
        int[] whole = c.Dimensions(c.Between(1, 4));
        c.Input(c.Values(ElementType.Bool, ElementwiseFamilies.Part(c, whole)));
        c.Input(c.Values(type, ElementwiseFamilies.Part(c, whole)));
        c.Input(c.Values(type, ElementwiseFamilies.Part(c, whole)));
        c.Output(type);
    }
}

namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Operators that give the same values other shapes or places.</summary>
internal static class ArrangementFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("Concat", 7, Bounds.Exact, Concat) { Cases = 8 },
        new("Flatten", 7, Bounds.Exact, Flatten),
        new("Reshape", 7, Bounds.Exact, Reshape) { Cases = 8 },
        new("Squeeze", 7, Bounds.Exact, Squeeze),
        new("Unsqueeze", 7, Bounds.Exact, Unsqueeze),
        new("Transpose", 7, Bounds.Exact, Transpose) { Cases = 8 },
        new("Expand", 8, Bounds.Exact, Expand),
        new("Tile", 7, Bounds.Exact, Tile),
        new("Identity", 7, Bounds.Exact, Identity),
        new("Dropout", 7, Bounds.Exact, Dropout),
        new("DepthToSpace", 7, Bounds.Exact, DepthToSpace),
        new("SpaceToDepth", 7, Bounds.Exact, SpaceToDepth),
    ];

    private static ElementType AnyType(SweepCase c) =>
        c.Chance(0.4) ? c.Pick(ElementType.Int32, ElementType.Int64, ElementType.UInt8, ElementType.Bool) : ElementType.Float32;

    private static int Axis(SweepCase c, int axis, int rank) => c.Opset >= 11 && c.Chance(0.4) ? axis - rank : axis;

    private static void Concat(SweepCase c)
    {
        ElementType type = AnyType(c);
        int[] x = c.Dimensions(c.Between(1, 4));
        int axis = c.Between(0, x.Length - 1);
        for (int i = c.Between(1, 4); i > 0; i--)
        {
            c.Input(c.Values(type, x));
            x[axis] = c.Between(1, 5);
        }

        c.Set("axis", Axis(c, axis, x.Length));
        c.Output(type);
    }

    private static void Flatten(SweepCase c)
    {
        ElementType type = c.Opset >= 9 ? AnyType(c) : ElementType.Float32;
        int[] x = c.Dimensions(c.Between(1, 4));
        c.Input(c.Values(type, x));
        if (c.Chance(0.6))
            c.Set("axis", c.Between(c.Opset >= 11 ? -x.Length : 0, x.Length));
        c.Output(type);
    }

    private static void Reshape(SweepCase c)
    {
        ElementType type = AnyType(c);
        int[] x = c.Dimensions(c.Between(1, 4));
        if (c.Opset >= 14 && c.Chance(0.15))
        {
            x[^1] = 0;
            c.Input(c.Values(type, x));
            c.Set("allowzero", 1);
            c.Input(Draws.Vector(c.Between(1, 4), 0));
        }
        else
        {
            c.Input(c.Values(type, x));
            c.Input(Draws.Vector(Target(c, x)));
        }

        c.Output(type);
    }

    // The dimensions with some neighbours multiplied and some ones put between; some are then left to be copied, and one to be inferred.
    private static int[] Target(SweepCase c, int[] x)
    {
        var target = new List<int>();
        foreach (int dimension in x)
        {
            if (target.Count > 0 && c.Chance(0.4))
                target[^1] *= dimension;
            else
                target.Add(dimension);
            if (c.Chance(0.15))
                target.Add(1);
        }

        int inferred = c.Chance(0.5) ? c.Between(0, target.Count - 1) : -1;
        return [.. target.Select((d, i) => i == inferred ? -1 : i < x.Length && d == x[i] && c.Chance(0.4) ? 0 : d)];
    }

    private static void Squeeze(SweepCase c)
    {
        int[] x = c.Dimensions(c.Between(2, 5), 3);
        x[c.Between(0, x.Length - 1)] = 1;
        ElementType type = AnyType(c);
        c.Input(c.Values(type, x));
        if (c.Chance(0.7))
            Axes(c, [.. Enumerable.Range(0, x.Length).Where(i => x[i] == 1)], x.Length);
        c.Output(type);
    }

    private static void Unsqueeze(SweepCase c)
    {
        ElementType type = AnyType(c);
        int[] x = c.Dimensions(c.Between(0, 3)), axes = c.Pick<int[]>([0], [x.Length], [0, 1], [0, x.Length + 1], [1, 0]);
        c.Input(c.Values(type, x));
        Axes(c, axes, x.Length + axes.Length);
        c.Output(type);
    }

    private static void Axes(SweepCase c, int[] axes, int rank)
    {
        int[] given = [.. axes.Select(axis => Axis(c, axis, rank))];
        if (c.Opset >= 13)
            c.Input(Draws.Vector(given));
        else
            c.Set("axes", given);
    }

    private static void Transpose(SweepCase c)
    {
        ElementType type = AnyType(c);
        int[] x = c.Dimensions(c.Between(1, 5));
        c.Input(c.Values(type, x));
        if (c.Chance(0.85))
            c.Set("perm",
                Enumerable.Range(0, x.Length).Select(i => (Key: c.Number(), Axis: i)).OrderBy(pair => pair.Key).Select(pair => pair.Axis));
        c.Output(type);
    }

    private static void Expand(SweepCase c)
    {
        ElementType type = AnyType(c);
        int[] target = c.Dimensions(c.Between(1, 4));
        int[] x = [.. target[c.Between(0, target.Length - 1)..].Select(d => c.Chance(0.5) ? 1 : d)];
        c.Input(c.Values(type, x));
        c.Input(Draws.Vector(target.Select(d => c.Chance(0.1) ? 1 : d)));
        c.Output(type);
    }

    private static void Tile(SweepCase c)
    {
        ElementType type = AnyType(c);
        int[] x = c.Dimensions(c.Between(1, 4), 4);
        c.Input(c.Values(type, x));
        c.Input(Draws.Vector(c.Dimensions(x.Length, 3)));
        c.Output(type);
    }

    private static void Identity(SweepCase c)
    {
        ElementType type = AnyType(c);
        c.Input(c.Values(type, c.Dimensions(c.Between(0, 4))));
        c.Output(type);
    }

    private static void Dropout(SweepCase c)
    {
        c.Input(c.Floats(c.Dimensions(c.Between(1, 4))));
        if (c.Opset < 12)
        {
            c.Maybe("ratio", c.Number(0, 0.9));
        }
        else if (c.Chance(0.7))
        {
            c.Maybe("seed", 7);
            c.Input(c.Chance(0.8) ? Draws.Scalar(c.Number(0, 0.9)) : null);
            if (c.Chance(0.5))
                c.Input(Draws.Scalar(false), constant: true);
        }

        c.Output();
        // Before opset 12 the mask is not defined where nothing is dropped.
        if (c.Opset >= 12 && c.Chance(0.4))
            c.Output(ElementType.Bool);
    }

    private static void DepthToSpace(SweepCase c)
    {
        int block = c.Between(1, 3);
        c.Input(c.Floats([c.Between(1, 2), c.Between(1, 3) * block * block, c.Between(1, 5), c.Between(1, 5)]));
        c.Set("blocksize", block);
        if (c.Opset >= 11 && c.Chance(0.7))
            c.Set("mode", c.Pick("DCR", "CRD"));
        c.Output();
    }

    private static void SpaceToDepth(SweepCase c)
    {
        int block = c.Between(1, 3);
        c.Input(c.Floats([c.Between(1, 2), c.Between(1, 5), block * c.Between(1, 4), block * c.Between(1, 4)]));
        c.Set("blocksize", block);
        c.Output();
    }
}

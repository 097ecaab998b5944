namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Pools over windows and over whole images.</summary>
internal static class PoolFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("MaxPool", 7, Bounds.Exact, Maximum) { Cases = 24 },
        new("AveragePool", 7, Bounds.Sum, Average) { Cases = 24 },
        new("GlobalAveragePool", 7, Bounds.Sum, Global),
        new("GlobalMaxPool", 7, Bounds.Exact, Global),
    ];

    private static void Maximum(SweepCase c)
    {
        int rank = Window(c, dilated: c.Opset >= 10);
        c.Output();
        if (c.Opset < 8 || !c.Chance(0.35))
            return;
        c.Output(ElementType.Int64);
        if (rank == 2)
            c.Maybe("storage_order", c.Between(0, 1));
    }

    private static void Average(SweepCase c)
    {
        Window(c, dilated: c.Opset >= 19);
        c.Maybe("count_include_pad", c.Between(0, 1));
        c.Output();
    }

    private static void Global(SweepCase c)
    {
        c.Input(c.Floats(c.Dimensions(c.Pick(3, 4, 4), 9)));
        c.Output();
    }

    private static int Window(SweepCase c, bool dilated)
    {
        int rank = c.Pick(1, 2, 2);
        int[] kernel = c.Dimensions(rank, 4), strides = c.Dimensions(rank, 3);
        int[] dilations = dilated && c.Chance(0.4) ? c.Dimensions(rank, 3) : [.. Enumerable.Repeat(1, rank)];
        c.Input(c.Floats([c.Between(1, 2), c.Between(1, 9),
            .. Enumerable.Range(0, rank).Select(i => ((kernel[i] - 1) * dilations[i]) + c.Between(1, 8))]));
        c.Set("kernel_shape", kernel);
        if (c.Chance(0.8))
            c.Set("strides", strides);
        if (dilations.Any(d => d != 1))
            c.Set("dilations", dilations);
        if (c.Opset >= 10)
            c.Maybe("ceil_mode", c.Between(0, 1));
        // ONNX Runtime pads pools to the same size as if they were not dilated, against the standard's formula.
        if (c.Chance(0.35))
            c.Set("auto_pad", dilations.Any(d => d != 1) ? "VALID" : c.Pick("SAME_UPPER", "SAME_LOWER", "VALID"));
        else if (c.Chance(0.6))
            c.Set("pads", Enumerable.Range(0, 2 * rank).Select(i => c.Between(0, kernel[i % rank] - 1)));
        return rank;
    }
}

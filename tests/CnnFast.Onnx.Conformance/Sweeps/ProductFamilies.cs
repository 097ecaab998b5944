namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Matrix products.</summary>
internal static class ProductFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("Gemm", 7, Bounds.Sum, General) { Cases = 12 },
        new("MatMul", 7, Bounds.Sum, Product) { Cases = 12 },
    ];

    private static void General(SweepCase c)
    {
        int m = c.Between(1, 9), n = c.Between(1, 20), k = c.Between(1, 30);
        bool left = c.Chance(0.3), right = c.Chance(0.5);
        c.Input(c.Floats(left ? [k, m] : [m, k]));
        c.Input(c.Floats(right ? [n, k] : [k, n]));
        if (c.Opset < 11 || c.Chance(0.7))
            c.Input(c.Floats(c.Pick<int[]>([], [1], [n], [1, n], [m, 1], [m, n])));
        if (left || c.Chance(0.2))
            c.Set("transA", left ? 1 : 0);
        if (right || c.Chance(0.2))
            c.Set("transB", right ? 1 : 0);
        c.Maybe("alpha", c.Number(-2, 2));
        c.Maybe("beta", c.Number(-2, 2));
        c.Output();
    }

    private static void Product(SweepCase c)
    {
        int m = c.Between(1, 9), n = c.Between(1, 20), k = c.Between(1, 30);
        int[] batch = c.Dimensions(c.Between(0, 2), 3);
        int[] left = [.. batch.Select(d => c.Chance(0.2) ? 1 : d)], right = [.. batch.Select(d => c.Chance(0.2) ? 1 : d)];
        if (right.Length > 0 && c.Chance(0.3))
            right = right[1..];
        ElementType type = c.Opset >= 9 && c.Chance(0.15) ? c.Pick(ElementType.Int32, ElementType.Int64) : ElementType.Float32;
        if (type != ElementType.Float32)
            c.MayBeRefused = "MatMul";
        int most = type == ElementType.Float32 ? 1 : 9;
        c.Input(c.Values(type, c.Chance(0.15) ? [k] : [.. left, m, k], -most, most));
        c.Input(c.Values(type, c.Chance(0.15) ? [k] : [.. right, k, n], -most, most));
        c.Output(type);
    }
}

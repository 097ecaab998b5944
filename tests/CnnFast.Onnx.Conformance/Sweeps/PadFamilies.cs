namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Padding in its modes.</summary>
internal static class PadFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } = [new("Pad", 7, Bounds.Exact, Pad) { Cases = 24 }];

    private static void Pad(SweepCase c)
    {
        int rank = c.Between(1, 4);
        int[] x = [.. c.Dimensions(rank, 5).Select(d => d + 2)];
        string mode = c.Opset >= 19 ? c.Pick("constant", "reflect", "edge", "wrap") : c.Pick("constant", "constant", "reflect", "edge");
        int least = mode == "constant" && c.Chance(0.25) ? -1 : 0;
        int[] axes = c.Opset >= 18 && c.Chance(0.5) ? [.. Enumerable.Range(0, rank).Where(_ => c.Chance(0.6))] : [];
        int[] pads = [.. Enumerable.Range(0, 2 * (axes.Length > 0 ? axes.Length : rank))
            .Select(_ => c.Chance(0.3) ? 0 : c.Between(least, 2))];
        if (mode != "constant" || c.Chance(0.5))
            c.Set("mode", mode);
        if (c.Opset < 11)
        {
            c.Input(c.Floats(x));
            c.Set("pads", pads);
            if (mode == "constant")
                c.Maybe("value", c.Number());
            c.Output();
            return;
        }

        ElementType type = c.Chance(0.3)
            ? c.Pick(ElementType.Int32, ElementType.Int64, ElementType.UInt8, ElementType.Bool)
            : ElementType.Float32;
        c.Input(c.Values(type, x));
        c.Input(Draws.Vector(pads));
        c.Output(type);
        bool value = mode == "constant" && c.Chance(0.6);
        if (value)
            c.Input(c.Values(type, []));
        if (axes.Length == 0)
            return;
        if (!value)
            c.Input(null);
        c.Input(Draws.Vector(axes.Select(axis => c.Chance(0.4) ? axis - rank : axis)));
    }
}

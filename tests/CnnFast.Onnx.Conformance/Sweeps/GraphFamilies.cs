namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Graphs of several nodes, where layouts, fusions and folded shapes meet.</summary>
internal static class GraphFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("Graph of images", 7, Bounds.Graph, (opset, seed) => Draw(new GraphCase(opset, seed), 4)) { Cases = 24 },
        new("Graph of images, channels last", 7, Bounds.Graph, (opset, seed) => Draw(new GraphCase(opset, seed), 4, channelsLast: true))
        {
            Cases = 12,
        },
        new("Graph of sequences", 7, Bounds.Graph, (opset, seed) => Draw(new GraphCase(opset, seed), 3)) { Cases = 12 },
        new("Graph of rows", 7, Bounds.Graph, (opset, seed) => Draw(new GraphCase(opset, seed), 2)) { Cases = 8 },
    ];

    private static GraphCase Draw(GraphCase g, int rank, bool channelsLast = false)
    {
        int[] x = [g.Pick(1, 3), g.Between(1, 6), .. Enumerable.Range(2, rank - 2).Select(_ => g.Between(3, 10))];
        string value = g.Feed(channelsLast ? [x[0], x[2], x[3], x[1]] : x);
        if (channelsLast)
            value = g.Add("Transpose", x, [value], ("perm", new[] { 0, 3, 1, 2 }));
        for (int steps = g.Between(2, 9); steps > 0; steps--)
        {
            value = g.Shape(value).Length switch
            {
                4 => ImageSteps.Apply(g, value),
                3 => SequenceSteps.Apply(g, value),
                _ => RowSteps.Apply(g, value),
            };
            if (g.Chance(0.1))
                g.Give(value);
        }

        if (channelsLast && g.Shape(value).Length == 4 && g.Chance(0.7))
        {
            int[] y = g.Shape(value);
            value = g.Add("Transpose", [y[0], y[2], y[3], y[1]], [value], ("perm", new[] { 0, 2, 3, 1 }));
        }

        g.Give(value);
        return g;
    }
}

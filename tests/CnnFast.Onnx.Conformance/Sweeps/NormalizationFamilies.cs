namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Normalisations over batches, images, layers, groups and neighbouring channels.</summary>
internal static class NormalizationFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("BatchNormalization", 7, Bounds.Norm, Batch) { Cases = 8 },
        new("InstanceNormalization", 7, Bounds.Norm, Instance),
        new("LRN", 7, Bounds.Function, Neighbours),
        new("LayerNormalization", 17, Bounds.Norm, Layer) { Cases = 8 },
        new("GroupNormalization", 18, Bounds.Norm, Group) { Cases = 8 },
    ];

    private static void Batch(SweepCase c)
    {
        int[] x = c.Dimensions(c.Pick(2, 3, 4, 4), 6);

        // Of a single element ONNX Runtime subtracts the mean from itself with an error.
        if (x.Length == 2 || x[2..].All(d => d == 1))
            x[0]++;
        c.Input(c.Floats(x, -2, 3));
        c.Input(c.Floats([x[1]], -2, 2));
        c.Input(c.Floats([x[1]]));
        c.Input(c.Floats([x[1]]));
        c.Input(c.Floats([x[1]], 0.1, 2));
        c.Maybe("epsilon", c.Pick(1e-5f, 1e-3f, 0.1f));
        c.Maybe("momentum", c.Pick(0.9f, 0.5f));
        c.Output();
        if (c.Opset < 14 || !c.Chance(0.25))
            return;
        c.Set("training_mode", 1);
        c.Output();
        c.Output();
    }

    private static void Instance(SweepCase c)
    {
        int[] x = c.Dimensions(c.Pick(3, 4), 6);
        x[^1] += 2;
        c.Input(c.Floats(x, -2, 3));
        c.Input(c.Floats([x[1]]));
        c.Input(c.Floats([x[1]]));
        c.Maybe("epsilon", c.Pick(1e-5f, 1e-2f));
        c.Output();
    }

    private static void Neighbours(SweepCase c)
    {
        c.Input(c.Floats(c.Dimensions(4, 9), -3, 3));
        c.Set("size", c.Pick(1, 3, 5, 7));
        c.Maybe("alpha", c.Number(0.0001, 0.5));
        c.Maybe("beta", c.Number(0.3, 1.2));
        c.Maybe("bias", c.Number(0.5, 2));
        c.Output();
    }

    private static void Layer(SweepCase c)
    {
        int rank = c.Between(2, 4), axis = c.Between(1, rank - 1);
        int[] x = c.Dimensions(rank, 6);
        x[^1] += 2;
        c.Input(c.Floats(x, -2, 3));
        c.Input(c.Floats(x.AsSpan(axis)));
        if (c.Chance(0.6))
            c.Input(c.Floats(x.AsSpan(axis)));
        if (axis != rank - 1 || c.Chance(0.5))
            c.Set("axis", c.Chance(0.5) ? axis : axis - rank);
        c.Maybe("epsilon", c.Pick(1e-5f, 1e-2f));
        c.Output();
        if (!c.Chance(0.25))
            return;
        c.Output();
        c.Output();
    }

    // Until opset 21 scale and bias are given for each group, then for each channel.
    private static void Group(SweepCase c)
    {
        int groups = c.Between(1, 4), channels = groups * c.Between(1, 3);
        c.Input(c.Floats([c.Between(1, 3), channels, .. c.Dimensions(c.Between(1, 2), 5).Select(d => d + 1)], -2, 3));
        int parameters = c.Opset >= 21 ? channels : groups;
        c.Input(c.Floats([parameters]));
        c.Input(c.Floats([parameters]));
        c.Set("num_groups", groups);
        c.Maybe("epsilon", c.Pick(1e-5f, 1e-2f));
        c.Output();
    }
}

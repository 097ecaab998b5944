namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Convolutions in one and two dimensions.</summary>
internal static class ConvolutionFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("Conv", 7, Bounds.Sum, Convolution) { Cases = 24 },
        new("ConvTranspose", 7, Bounds.Sum, Transposed) { Cases = 24 },
    ];

    private static void Convolution(SweepCase c)
    {
        int rank = c.Pick(1, 2, 2), groups = c.Pick(1, 1, 2, 3, 4), channels = c.Between(1, 4), filters = c.Between(1, 5);
        if (c.Chance(0.2))
            (groups, channels, filters) = (c.Between(2, 9), 1, c.Between(1, 2));
        int[] kernel = c.Dimensions(rank, 4), strides = c.Dimensions(rank, 3), dilations = Dilations(c, rank);
        int[] size = [.. Enumerable.Range(0, rank).Select(i => ((kernel[i] - 1) * dilations[i]) + c.Between(1, 7))];
        c.Input(c.Floats([c.Between(1, 3), groups * channels, .. size]));
        c.Input(c.Floats([groups * filters, channels, .. kernel]));
        if (c.Chance(0.6))
            c.Input(c.Floats([groups * filters]));
        Common(c, groups, kernel, strides, dilations);
        Padding(c, rank, 2);
        c.Output();
    }

    private static void Transposed(SweepCase c)
    {
        int rank = c.Pick(1, 2, 2), groups = c.Pick(1, 1, 2, 3), channels = c.Between(1, 4), filters = c.Between(1, 4);
        int[] kernel = c.Dimensions(rank, 4), dilations = Dilations(c, rank), size = c.Dimensions(rank, 6);
        // Beyond the filter's reach ONNX Runtime makes less than input · stride where padding is SAME, against the standard.
        bool beyond = c.Chance(0.3);
        int[] strides = beyond
            ? c.Dimensions(rank, 3)
            : [.. kernel.Select((k, i) => c.Between(1, Math.Min(3, ((k - 1) * dilations[i]) + 1)))];
        c.Input(c.Floats([c.Between(1, 2), groups * channels, .. size]));
        c.Input(c.Floats([groups * channels, filters, .. kernel]));
        if (c.Chance(0.6))
            c.Input(c.Floats([groups * filters]));
        Common(c, groups, kernel, strides, dilations);
        if (c.Chance(0.3))
        {
            int[] whole = [.. Enumerable.Range(0, rank).Select(i => (strides[i] * (size[i] - 1)) + ((kernel[i] - 1) * dilations[i]) + 1)];
            c.Set("output_shape", Enumerable.Range(0, rank).Select(i => Math.Max(1, whole[i] - c.Between(0, 2))));
            if (c.Chance(0.5))
                c.Set("auto_pad", c.Pick("SAME_UPPER", "SAME_LOWER", "NOTSET"));
        }
        else
        {
            if (c.Chance(0.4))
                c.Set("output_padding", strides.Select(stride => c.Between(0, stride - 1)));
            Padding(c, rank, 1, same: !beyond);
        }

        c.Output();
    }

    private static int[] Dilations(SweepCase c, int rank) => c.Chance(0.4) ? c.Dimensions(rank, 3) : [.. Enumerable.Repeat(1, rank)];

    private static void Common(SweepCase c, int groups, int[] kernel, int[] strides, int[] dilations)
    {
        if (groups > 1 || c.Chance(0.3))
            c.Set("group", groups);
        if (c.Chance(0.7))
            c.Set("kernel_shape", kernel);
        if (strides.Any(s => s != 1) || c.Chance(0.3))
            c.Set("strides", strides);
        if (dilations.Any(d => d != 1) || c.Chance(0.3))
            c.Set("dilations", dilations);
    }

    private static void Padding(SweepCase c, int rank, int most, bool same = true)
    {
        if (c.Chance(0.35))
            c.Set("auto_pad", !same ? "VALID" : c.Pick("SAME_UPPER", "SAME_LOWER", "VALID"));
        else if (c.Chance(0.6))
            c.Set("pads", Enumerable.Range(0, 2 * rank).Select(_ => c.Between(0, most)));
    }
}

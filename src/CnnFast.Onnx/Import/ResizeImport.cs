using CnnFast.Graphs;
using CnnFast.Onnx.Format;

namespace CnnFast.Onnx.Import;

/// <summary>Resize and Upsample.</summary>
internal static class ResizeImport
{
    private static readonly int[] s_first = [0];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("Resize", Resize, 10, Limits: "no antialias; constant sizes and scales; linear and cubic of float32"),
        new("Upsample", Upsample, Until: 9),
    ];

    private static void Upsample(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        var mode = new ResizeMode(node.Choice("mode", "nearest", "nearest", "linear"), "asymmetric", "simple");
        float[] scales = (node.Opset < 9 ? node.Floats("scales") : node.FloatsOf(1)) ?? throw node.Damaged("the scales are missing");
        node.Set(Apply(node, x, mode, Rules(node, x, mode, GraphImport.Identity(x.Rank), scales, null, null, "stretch"), 0));
    }

    private static void Resize(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        if (node.Opset == 10)
        {
            var old = new ResizeMode(node.Choice("mode", "nearest", "nearest", "linear"), "asymmetric", "simple");
            float[] factors = node.FloatsOf(1) ?? throw node.Damaged("the scales are missing");
            node.Set(Apply(node, x, old, Rules(node, x, old, GraphImport.Identity(x.Rank), factors, null, null, "stretch"), 0));
            return;
        }

        var mode = new ResizeMode(
            node.Choice("mode", "nearest", "nearest", "linear", "cubic"),
            node.Choice("coordinate_transformation_mode", "half_pixel", "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
                "align_corners", "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize"),
            node.Choice("nearest_mode", "round_prefer_floor", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
            node.Float("cubic_coeff_a", -0.75f),
            node.Flag("exclude_outside", false));
        float outside = node.Float("extrapolation_value", 0);
        string policy = "stretch";
        int[] axes = GraphImport.Identity(x.Rank);
        if (node.Opset >= 18)
        {
            if (node.Flag("antialias", false))
                throw node.Unsupported("the attribute antialias is 1; supported is 0");
            policy = node.Choice("keep_aspect_ratio_policy", "stretch", "stretch", "not_larger", "not_smaller");
            if (node.Longs("axes") is { } named)
                axes = node.Axes(named, x.Rank);
        }

        float[]? region = mode.Coordinates == "tf_crop_and_resize" ? node.FloatsOf(1) ?? throw node.Damaged("the roi is missing") : null;
        float[]? scales = node.FloatsOf(2) is { Length: > 0 } given ? given : null;
        int[]? sizes = node.IntsOf(3) is { Length: > 0 } wanted ? wanted : null;
        if (scales is null == sizes is null)
            throw node.Damaged("scales and sizes are both given, or both missing; expected one of them");
        node.Set(Apply(node, x, mode, Rules(node, x, mode, axes, scales, sizes, region, policy), outside));
    }

    private static ResizeAxisRule[] Rules(NodeImport node, ImportedValue x, ResizeMode mode, int[] axes, float[]? scales, int[]? sizes,
        float[]? region, string policy)
    {
        if ((scales?.Length ?? sizes!.Length) != axes.Length || (region is not null && region.Length != 2 * axes.Length))
            throw node.Damaged($"scales, sizes or roi do not fit the {axes.Length} dimensions");
        if (sizes is not null && axes.Any(axis => x.Dimensions[axis] == 0))
            throw node.Damaged($"the input is [{string.Join(", ", x.Dimensions)}]; expected elements");
        ResizeAxisRule[] rules = [.. x.Dimensions.Select(length => new ResizeAxisRule(mode, length, length, 1, length, 0, 1))];
        float[] factors = scales ?? [.. axes.Select((axis, i) => (float)sizes![i] / x.Dimensions[axis])];
        if (scales is null && policy != "stretch")
            Array.Fill(factors, policy == "not_larger" ? factors.Min() : factors.Max());
        for (int i = 0; i < axes.Length; i++)
        {
            int input = x.Dimensions[axes[i]];
            double output = sizes is null ? Math.Floor(factors[i] * input)
                : policy == "stretch" ? sizes[i]
                : Math.Round((double)(factors[i] * input), MidpointRounding.AwayFromZero);
            if (!(factors[i] > 0) || !(output is >= 0 and <= int.MaxValue))
                throw node.Damaged($"dimension {axes[i]} of {input} is to be resized by {factors[i]}");
            rules[axes[i]] = new ResizeAxisRule(mode, input, (int)output, factors[i], sizes is null ? factors[i] * input : (int)output,
                region?[i] ?? 0, region?[axes.Length + i] ?? 1);
        }

        return rules;
    }

    private static ImportedValue Apply(NodeImport node, ImportedValue x, ResizeMode mode, ResizeAxisRule[] rules, float outside)
    {
        int[] dimensions = [.. rules.Select(rule => rule.Output)];
        if (dimensions.Contains(0))
            return GraphImport.Empty(x.Type, dimensions);
        if (x.Count == 0)
            throw node.Damaged($"the input is [{string.Join(", ", x.Dimensions)}]; expected elements");
        node.Graph.RequireFits(x.Type, dimensions);

        // As ONNX Runtime has it: an output of the input's size is the input, whatever the scales.
        if (dimensions.SequenceEqual(x.Dimensions))
            return x;
        bool isNearest = mode.Mode == "nearest";
        if (x.Type != ElementType.Float32 && (!isNearest || rules.Any(rule => rule.IsRegion)))
            throw node.Unsupported($"the input is of {x.Type}; supported is Float32 with the attribute mode '{mode.Mode}'");

        // Single pixels are no vectors: images whose columns lie innermost are moved to channels last.
        int[] order = GraphImport.OrderOf(x);
        if (x.Rank > 2 && !rules[order[^1]].IsIdentity && rules[1].IsIdentity)
            order = GraphImport.ChannelsLast(x.Rank);
        if (Enlarged(node.Graph, x, isNearest, order, rules, dimensions) is { } enlarged)
            return enlarged;
        if (isNearest)
        {
            int[]?[] indices = [.. rules.Select(rule => rule.IsIdentity ? null : rule.Nearest())];
            return AxisPasses.Apply(node.Graph, x, order, indices, s_first, table => table.Length,
                (rows, columns) => new SelectOperation(rows, columns, BitConverter.SingleToUInt32Bits(outside)));
        }

        InterpolationTable?[] tables = [.. rules.Select(rule => rule.IsIdentity ? null : rule.Weights())];
        return AxisPasses.Apply(node.Graph, x, order, tables, InterpolationTable.Identity, table => table.Axis.Output,
            (rows, columns) => new InterpolateOperation(rows, columns, outside));
    }

    // The layer's own operation, which the compiler knows.
    private static ImportedValue? Enlarged(GraphImport graph, ImportedValue x, bool isNearest, int[] order, ResizeAxisRule[] rules,
        int[] dimensions)
    {
        if (x.Rank is not (3 or 4) || x.Type != ElementType.Float32 || !rules[order[0]].IsIdentity || !rules[order[^1]].IsIdentity)
            return null;
        int factorH = x.Rank == 4 ? Factor(rules[order[1]]) : 1;
        int factorW = Factor(rules[order[^2]]);
        if (factorH == 0 || factorW == 0)
            return null;
        GraphTensor tensor = graph.As(x, order);
        Shape memory = tensor.Shape;
        GraphTensor images = x.Rank == 4 ? tensor : graph.View(tensor, Shape.Nhwc(memory[0], 1, memory[1], memory[2]));
        GraphTensor y = graph.Emit(new UpSampling2DOperation(factorH, factorW, isNearest ? Interpolation.Nearest : Interpolation.Bilinear),
            images);
        return graph.ToValue(graph.View(y, new Shape([.. order.Select(dimension => dimensions[dimension])])), dimensions, order);
    }

    private static int Factor(ResizeAxisRule rule) => rule.IsIdentity ? 1 : rule.WholeFactor;
}

namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Steps from images <c>[N, C, H, W]</c>.</summary>
internal static class ImageSteps
{
    private static readonly Func<GraphCase, string, int[], string>[] s_steps =
    [
        Convolve, Convolve, Convolve, Transposed, CommonSteps.Activate, CommonSteps.Activate, CommonSteps.BatchNormalize, Pool, Pool,
        Enlarge, Pad, CommonSteps.Join, CommonSteps.Join,
        CommonSteps.AddConstant, CommonSteps.AddConstant, Excite, CommonSteps.Slice, SplitAndSwap, CommonSteps.Permute, CommonSteps.Softmax,
        Average, Flatten, Rows, Shuffle, DepthToSpace, InstanceNormalize,
    ];

    public static string Apply(GraphCase g, string value) =>
        g.Pick<Func<GraphCase, string, int[], string>>(s_steps)(g, value, g.Shape(value));

    private static string Convolve(GraphCase g, string value, int[] x)
    {
        int groups = g.Chance(0.3) ? x[1] : 1, filters = groups * g.Between(1, groups > 1 ? 2 : 8);
        int[] kernel = [g.Between(1, 3), g.Between(1, 3)], strides = g.Chance(0.3) ? [g.Between(1, 2), g.Between(1, 2)] : [1, 1];
        int[] pads = [.. Enumerable.Range(0, 4).Select(i => g.Between(0, 1) + Math.Max(0, kernel[i % 2] - x[2 + (i % 2)]))];
        double scale = 1 / Math.Sqrt(x[1] / groups * kernel[0] * kernel[1]);
        string[] weights = [g.Constant(g.Floats([filters, x[1] / groups, .. kernel], -1.7 * scale, 1.7 * scale)),
            .. g.Chance(0.6) ? new[] { g.Constant(g.Floats([filters])) } : []];
        int[] y = [x[0], filters, ((x[2] + pads[0] + pads[2] - kernel[0]) / strides[0]) + 1,
            ((x[3] + pads[1] + pads[3] - kernel[1]) / strides[1]) + 1];
        return g.Add("Conv", y, [value, .. weights], ("kernel_shape", kernel), ("strides", strides), ("pads", pads), ("group", groups));
    }

    private static string Transposed(GraphCase g, string value, int[] x)
    {
        int filters = g.Between(1, 4), stride = g.Between(1, 2), kernel = g.Between(stride, 3);
        double scale = 1 / Math.Sqrt(x[1]);
        string filter = g.Constant(g.Floats([x[1], filters, kernel, kernel], -scale, scale));
        return g.Add("ConvTranspose", [x[0], filters, (stride * (x[2] - 1)) + kernel, (stride * (x[3] - 1)) + kernel], [value, filter],
            ("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride, stride }));
    }

    private static string Pool(GraphCase g, string value, int[] x)
    {
        if (g.Chance(0.25))
            return g.Add(g.Pick("GlobalAveragePool", "GlobalMaxPool"), [x[0], x[1], 1, 1], [value]);
        int[] kernel = [Math.Min(x[2], g.Between(1, 3)), Math.Min(x[3], g.Between(1, 3))], strides = [g.Between(1, 2), g.Between(1, 2)];
        int[] y = [x[0], x[1], ((x[2] - kernel[0]) / strides[0]) + 1, ((x[3] - kernel[1]) / strides[1]) + 1];
        return g.Add(g.Pick("MaxPool", "AveragePool"), y, [value], ("kernel_shape", kernel), ("strides", strides));
    }

    private static string Enlarge(GraphCase g, string value, int[] x)
    {
        string mode = g.Pick("nearest", "linear");
        int factor = x[2] * x[3] > 150 ? 1 : 2;
        float[] scales = [1, 1, factor, factor];
        int[] y = [x[0], x[1], factor * x[2], factor * x[3]];
        if (g.Opset < 9)
            return g.Add("Upsample", y, [value], ("mode", mode), ("scales", scales));
        string given = g.Constant(OnnxTensor.Create(scales, 4));
        if (g.Opset < 11)
            return g.Add(g.Opset == 9 ? "Upsample" : "Resize", y, [value, given], ("mode", mode));
        return g.Add("Resize", y, [value, g.Constant(OnnxTensor.Create(Array.Empty<float>(), 0)), given], ("mode", mode),
            ("coordinate_transformation_mode", mode == "nearest" ? "asymmetric" : g.Pick("half_pixel", "align_corners", "asymmetric")),
            ("nearest_mode", "floor"));
    }

    private static string Pad(GraphCase g, string value, int[] x)
    {
        int[] pads = [0, g.Chance(0.3) ? g.Between(0, 2) : 0, g.Between(0, 2), g.Between(0, 2), 0, g.Chance(0.3) ? g.Between(0, 2) : 0,
            g.Between(0, 2), g.Between(0, 2)];
        int[] y = [.. x.Select((d, i) => d + pads[i] + pads[i + 4])];
        return g.Opset < 11 ? g.Add("Pad", y, [value], ("pads", pads)) : g.Add("Pad", y, [value, g.Constant(Draws.Vector(pads))]);
    }

    // Squeeze and excitation.
    private static string Excite(GraphCase g, string value, int[] x)
    {
        int[] one = [x[0], x[1], 1, 1];
        string factor = g.Add("GlobalAveragePool", one, [value]);
        factor = g.Add("Conv", one, [factor, g.Constant(g.Floats([x[1], x[1], 1, 1]))]);
        factor = g.Add("Sigmoid", one, [factor]);
        return g.Add("Mul", x, g.Chance(0.5) ? [value, factor] : [factor, value]);
    }

    private static string SplitAndSwap(GraphCase g, string value, int[] x)
    {
        int axis = g.Chance(0.7) ? 1 : g.Between(1, 3);
        if (x[axis] < 2)
            return CommonSteps.Activate(g, value, x);
        int[] sizes = [x[axis] / 2, x[axis] - (x[axis] / 2)];
        int[][] parts = [.. sizes.Select(size => x.Select((d, i) => i == axis ? size : d).ToArray())];
        string[] halves = g.Opset >= 13
            ? g.Add("Split", parts, [value, g.Constant(Draws.Vector(sizes))], ("axis", axis))
            : g.Add("Split", parts, [value], ("axis", axis), ("split", sizes));
        if (g.Chance(0.5))
            halves[0] = CommonSteps.Activate(g, halves[0], parts[0]);
        return g.Add("Concat", x, [halves[1], halves[0]], ("axis", axis));
    }

    private static string Average(GraphCase g, string value, int[] x)
    {
        bool keep = g.Chance(0.5);
        int[] axes = g.Pick<int[]>([2, 3], [2, 3], [1], [3]);
        int[] y = [.. x.Select((d, i) => (Size: axes.Contains(i) ? 1 : d, Kept: keep || !axes.Contains(i)))
            .Where(d => d.Kept)
            .Select(d => d.Size)];
        return g.AddWithAxes(g.Pick("ReduceMean", "ReduceMax"), y, value, axes, 18, ("keepdims", keep ? 1 : 0));
    }

    private static string Flatten(GraphCase g, string value, int[] x)
    {
        int[] y = [x[0], x[1] * x[2] * x[3]];
        if (g.Chance(0.4))
            return g.Add("Flatten", y, [value]);
        if (g.Chance(0.5))
            return g.Add("Reshape", y, [value, g.Constant(Draws.Vector(0, -1))]);
        // What PyTorch writes for x.view(x.size(0), -1).
        string size = g.AddHidden("Gather", [g.AddHidden("Shape", [value]), g.Constant(Draws.Scalar(0L))], ("axis", 0));
        size = g.Opset >= 13
            ? g.AddHidden("Unsqueeze", [size, g.Constant(Draws.Vector(0))])
            : g.AddHidden("Unsqueeze", [size], ("axes", new[] { 0 }));
        return g.Add("Reshape", y, [value, g.AddHidden("Concat", [size, g.Constant(Draws.Vector(-1))], ("axis", 0))]);
    }

    // The heads of detectors: channels last, then a row an anchor.
    private static string Rows(GraphCase g, string value, int[] x)
    {
        if (g.Chance(0.3))
            return g.Add("Reshape", [x[0], x[1], x[2] * x[3]], [value, g.Constant(Draws.Vector(0, 0, -1))]);
        string last = g.Add("Transpose", [x[0], x[2], x[3], x[1]], [value], ("perm", new[] { 0, 2, 3, 1 }));
        return g.Add("Reshape", [x[0], x[2] * x[3], x[1]], [last, g.Constant(Draws.Vector(0, -1, x[1]))]);
    }

    private static string Shuffle(GraphCase g, string value, int[] x)
    {
        int groups = x[1] % 3 == 0 ? 3 : x[1] % 2 == 0 ? 2 : 1;
        int[] split = [x[0], groups, x[1] / groups, x[2], x[3]];
        string five = g.Add("Reshape", split, [value, g.Constant(Draws.Vector(0, groups, x[1] / groups, x[2], x[3]))]);
        five = g.Add("Transpose", [x[0], x[1] / groups, groups, x[2], x[3]], [five], ("perm", new[] { 0, 2, 1, 3, 4 }));
        return g.Add("Reshape", x, [five, g.Constant(Draws.Vector(0, x[1], x[2], x[3]))]);
    }

    private static string DepthToSpace(GraphCase g, string value, int[] x)
    {
        if (x[1] % 4 == 0)
            return g.Add("DepthToSpace", [x[0], x[1] / 4, 2 * x[2], 2 * x[3]], [value], ("blocksize", 2));
        return x[2] % 2 == 0 && x[3] % 2 == 0
            ? g.Add("SpaceToDepth", [x[0], 4 * x[1], x[2] / 2, x[3] / 2], [value], ("blocksize", 2))
            : CommonSteps.Activate(g, value, x);
    }

    private static string InstanceNormalize(GraphCase g, string value, int[] x) =>
        g.Add("InstanceNormalization", x, [value, g.Constant(g.Floats([x[1]])), g.Constant(g.Floats([x[1]]))], ("epsilon", 0.1f));
}

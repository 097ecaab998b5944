namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Steps from values of three dimensions.</summary>
internal static class SequenceSteps
{
    private static readonly Func<GraphCase, string, int[], string>[] s_steps =
    [
        CommonSteps.Activate, CommonSteps.BatchNormalize, CommonSteps.Join, CommonSteps.AddConstant, CommonSteps.Slice, CommonSteps.Permute,
        CommonSteps.Softmax,
        Convolve, Multiply, Average, Image, Flatten, LayerNormalize,
    ];

    public static string Apply(GraphCase g, string value) =>
        g.Pick<Func<GraphCase, string, int[], string>>(s_steps)(g, value, g.Shape(value));

    private static string Convolve(GraphCase g, string value, int[] x)
    {
        int filters = g.Between(1, 6), kernel = Math.Min(g.Between(1, 3), x[2]);
        double scale = 1 / Math.Sqrt(x[1] * kernel);
        return g.Add("Conv", [x[0], filters, x[2] - kernel + 1],
            [value, g.Constant(g.Floats([filters, x[1], kernel], -scale, scale)), g.Constant(g.Floats([filters]))]);
    }

    private static string Multiply(GraphCase g, string value, int[] x)
    {
        int columns = g.Between(1, 9);
        double scale = 1 / Math.Sqrt(x[2]);
        return g.Add("MatMul", [x[0], x[1], columns], [value, g.Constant(g.Floats([x[2], columns], -scale, scale))]);
    }

    private static string Average(GraphCase g, string value, int[] x)
    {
        int axis = g.Between(1, 2);
        bool keep = g.Chance(0.5);
        int[] y = keep ? [x[0], axis == 1 ? 1 : x[1], axis == 2 ? 1 : x[2]] : [x[0], x[3 - axis]];
        return g.AddWithAxes("ReduceMean", y, value, [axis], 18, ("keepdims", keep ? 1 : 0));
    }

    private static string Image(GraphCase g, string value, int[] x) =>
        g.Chance(0.5)
            ? g.AddWithAxes("Unsqueeze", [x[0], x[1], 1, x[2]], value, [2], 13)
            : g.Add("Reshape", [x[0], x[1], x[2], 1], [value, g.Constant(Draws.Vector(0, 0, -1, 1))]);

    private static string Flatten(GraphCase g, string value, int[] x) => g.Add("Flatten", [x[0], x[1] * x[2]], [value]);

    private static string LayerNormalize(GraphCase g, string value, int[] x) =>
        g.Opset < 17
            ? CommonSteps.Activate(g, value, x)
            : g.Add("LayerNormalization", x, [value, g.Constant(g.Floats([x[2]])), g.Constant(g.Floats([x[2]]))], ("epsilon", 0.1f));
}

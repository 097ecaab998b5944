namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Steps from rows <c>[N, C]</c>.</summary>
internal static class RowSteps
{
    private static readonly Func<GraphCase, string, int[], string>[] s_steps =
    [
        CommonSteps.Activate, CommonSteps.BatchNormalize, CommonSteps.Join, CommonSteps.AddConstant, CommonSteps.Slice, CommonSteps.Softmax,
        Dense, Dense, Multiply, Image,
    ];

    public static string Apply(GraphCase g, string value) =>
        g.Pick<Func<GraphCase, string, int[], string>>(s_steps)(g, value, g.Shape(value));

    private static string Dense(GraphCase g, string value, int[] x)
    {
        int units = g.Between(1, 12), across = g.Between(0, 1);
        double scale = 1 / Math.Sqrt(x[1]);
        string[] weights = [g.Constant(g.Floats(across == 1 ? [units, x[1]] : [x[1], units], -scale, scale)),
            g.Constant(g.Floats([units]))];
        return g.Add("Gemm", [x[0], units], [value, .. weights], ("transB", across));
    }

    private static string Multiply(GraphCase g, string value, int[] x)
    {
        int units = g.Between(1, 12);
        double scale = 1 / Math.Sqrt(x[1]);
        return g.Add("MatMul", [x[0], units], [value, g.Constant(g.Floats([x[1], units], -scale, scale))]);
    }

    private static string Image(GraphCase g, string value, int[] x)
    {
        int rows = x[1] % 3 == 0 ? 3 : x[1] % 2 == 0 ? 2 : 1;
        return g.Chance(0.5)
            ? g.AddWithAxes("Unsqueeze", [x[0], x[1], 1, 1], value, [2, 3], 13)
            : g.Add("Reshape", [x[0], x[1] / rows, rows, 1], [value, g.Constant(Draws.Vector(0, -1, rows, 1))]);
    }
}

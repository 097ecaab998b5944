namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Steps from values of any rank from two to four.</summary>
internal static class CommonSteps
{
    public static string Activate(GraphCase g, string value, int[] x)
    {
        string op = g.Pick("Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSigmoid", "Elu", "Clip", "PRelu",
            g.Opset >= 14 ? "HardSwish" : "Relu", "Swish");
        int[] slope = [x[1], .. x[2..].Select(_ => 1)];
        return op switch
        {
            "Clip" when g.Opset < 11 => g.Add("Clip", x, [value], ("min", 0f), ("max", 6f)),
            "Clip" => g.Add("Clip", x, [value, g.Constant(Draws.Scalar(0f)), g.Constant(Draws.Scalar(6f))]),
            "PRelu" => g.Add("PRelu", x, [value, g.Constant(g.Floats(slope, 0, 0.5))]),
            "Swish" => g.Add("Mul", x, [value, g.Add("Sigmoid", x, [value])]),
            _ => g.Add(op, x, [value]),
        };
    }

    public static string BatchNormalize(GraphCase g, string value, int[] x)
    {
        string[] parameters = [g.Constant(g.Floats([x[1]], -1.5, 1.5)), g.Constant(g.Floats([x[1]])), g.Constant(g.Floats([x[1]])),
            g.Constant(g.Floats([x[1]], 0.3, 2))];
        return g.Add("BatchNormalization", x, [value, .. parameters], ("epsilon", 1e-3f));
    }

    public static string Join(GraphCase g, string value, int[] x)
    {
        string other = g.Like(value);
        if (other == value && g.Chance(0.7))
            other = Activate(g, value, x);
        if (g.Chance(0.6))
            return g.Add(g.Pick("Add", "Add", "Mul", "Sub", "Max"), x, g.Chance(0.5) ? [value, other] : [other, value]);
        int axis = g.Chance(0.6) ? 1 : g.Between(1, x.Length - 1);
        return g.Add("Concat", [.. x.Select((d, i) => i == axis ? 2 * d : d)], [value, other], ("axis", axis));
    }

    public static string AddConstant(GraphCase g, string value, int[] x)
    {
        int[] perChannel = [x[1], .. x[2..].Select(_ => 1)];
        string constant = g.Constant(g.Floats(g.Pick<int[]>([], perChannel, [1, .. perChannel], [x[^1]], x[1..])));
        return g.Add(g.Pick("Add", "Mul", "Sub"), x, g.Chance(0.7) ? [value, constant] : [constant, value]);
    }

    public static string Slice(GraphCase g, string value, int[] x)
    {
        int axis = g.Between(1, x.Length - 1), start = g.Between(0, x[axis] - 1), end = g.Between(start + 1, x[axis]);
        int[] y = [.. x.Select((d, i) => i == axis ? end - start : d)];
        return g.Opset < 10
            ? g.Add("Slice", y, [value], ("starts", new[] { start }), ("ends", new[] { end }), ("axes", new[] { axis }))
            : g.Add("Slice", y, [value, g.Constant(Draws.Vector(start)), g.Constant(Draws.Vector(end)), g.Constant(Draws.Vector(axis))]);
    }

    public static string Permute(GraphCase g, string value, int[] x)
    {
        int[] order = [0, .. Enumerable.Range(1, x.Length - 1)
            .Select(i => (Key: g.Number(), Axis: i))
            .OrderBy(pair => pair.Key)
            .Select(pair => pair.Axis)];
        return g.Add("Transpose", [.. order.Select(axis => x[axis])], [value], ("perm", order));
    }

    public static string Softmax(GraphCase g, string value, int[] x) => g.Add("Softmax", x, [value], ("axis", g.Between(1, x.Length - 1)));
}

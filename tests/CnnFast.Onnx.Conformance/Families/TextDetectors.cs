namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Detectors of text like DBNet: a MobileNetV3, a pyramid of features, a head of transposed convolutions.</summary>
internal static class TextDetectors
{
    private static readonly int[] s_channels = [8, 12, 16, 24];

    /// <summary>A model.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="spelledOut">Whether h-swish is Add, Clip, Mul and Div, as Paddle writes it; else HardSigmoid and Mul.</param>
    /// <param name="bySizes">Whether features grow to sizes computed from shapes, which images of any size need; else by scales.</param>
    public static byte[] Build(int opset, bool spelledOut, bool bySizes)
    {
        var model = new FamilyModel(opset, opset + (spelledOut ? 1 : 0));
        string x = model.Input(-1, 3, -1, -1);
        x = Swish(model, Normalized(model, x, 3, 8, 3, 2), spelledOut);
        int channels = 8;
        string[] features = new string[4];
        for (int i = 0; i < features.Length; i++)
        {
            x = Block(model, x, channels, s_channels[i], 2, i, spelledOut);
            x = features[i] = Block(model, x, s_channels[i], s_channels[i], 1, i, spelledOut);
            channels = s_channels[i];
        }

        string[] laterals = [.. features.Select((feature, i) => model.Conv(feature, s_channels[i], 24, 1, bias: false))];
        for (int i = 2; i >= 0; i--)
            laterals[i] = model.Add("Add", [laterals[i], Grown(model, laterals[i + 1], laterals[i], 2, bySizes)]);
        string[] planes = [.. laterals.Select(lateral => model.Conv(lateral, 24, 6, 3, bias: false))];
        string fused = model.Concat(1, [.. planes.Select((plane, i) => i == 0 ? plane : Grown(model, plane, planes[0], 1 << i, bySizes)).Reverse()]);
        string head = model.Relu(Normalized(model, fused, 24, 6, 3, 1));
        head = model.Relu(model.BatchNormalization(Twice(model, head, 6, 6), 6));
        model.Output(model.Add("Sigmoid", [Twice(model, head, 6, 1)]));
        return model.ToBytes();
    }

    private static string Block(FamilyModel model, string x, int from, int to, int stride, int index, bool spelledOut)
    {
        int wide = 2 * from;
        string y = Activation(Normalized(model, x, from, wide, 1, 1));
        y = Activation(Normalized(model, y, wide, wide, index % 2 == 0 ? 3 : 5, stride, wide));
        if (index != 1)
        {
            string scale = model.Add("GlobalAveragePool", [y]);
            scale = model.Conv(model.Relu(model.Conv(scale, wide, wide / 4, 1)), wide / 4, wide, 1);
            y = model.Add("Mul", [y, model.Add("HardSigmoid", [scale], ("alpha", 0.2f), ("beta", 0.5f))]);
        }

        y = Normalized(model, y, wide, to, 1, 1);
        return stride == 1 && from == to ? model.Add("Add", [x, y]) : y;

        string Activation(string value) => index == 0 ? model.Relu(value) : Swish(model, value, spelledOut);
    }

    private static string Normalized(FamilyModel model, string x, int from, int to, int size, int stride, int groups = 1) =>
        model.BatchNormalization(model.Conv(x, from, to, size, stride, groups, bias: false), to);

    private static string Swish(FamilyModel model, string x, bool spelledOut)
    {
        if (!spelledOut)
            return model.Add("Mul", [x, model.Add("HardSigmoid", [x], ("alpha", 1 / 6f), ("beta", 0.5f))]);
        string gate = model.Add("Clip", [model.Add("Add", [x, model.Number(3)]), model.Number(0), model.Number(6)]);
        return model.Add("Div", [model.Add("Mul", [x, gate]), model.Number(6)]);
    }

    private static string Grown(FamilyModel model, string x, string like, int factor, bool bySizes)
    {
        (string, object)[] attributes = [("mode", "nearest"), ("nearest_mode", "floor"), ("coordinate_transformation_mode", "asymmetric")];
        string? sizes = bySizes ? model.Concat(0, model.Slice(model.Add("Shape", [x]), 0, 0, 2), model.Slice(model.Add("Shape", [like]), 0, 2, 4)) : null;
        return model.Resize(x, sizes, factor, attributes);
    }

    private static string Twice(FamilyModel model, string x, int from, int to) => model.Add(
        "ConvTranspose",
        [x, model.Weights(from, from, to, 2, 2), model.Initializer(model.Floats([to]))],
        ("kernel_shape", new[] { 2, 2 }),
        ("strides", new[] { 2, 2 }));
}

namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Classifiers of images as PyTorch and TensorFlow write them.</summary>
internal static class Classifiers
{
    /// <summary>A ResNet for one size, its features flattened.</summary>
    public static byte[] Flattened()
    {
        var model = new FamilyModel(17, 1);
        string x = Residual(model, model.Input(-1, 3, 32, 24), out int channels);
        x = model.Relu(model.Gemm(model.Add("Flatten", [x], ("axis", 1)), channels * 4 * 3, 20));
        model.Output(model.Add("Softmax", [model.Gemm(x, 20, 10)], ("axis", 1)));
        return model.ToBytes();
    }

    /// <summary>A ResNet for any size, its features averaged.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="average">How they are averaged.</param>
    public static byte[] Averaged(int opset, string average)
    {
        var model = new FamilyModel(opset, opset);
        string x = Residual(model, model.Input(-1, 3, -1, -1), out int channels);
        x = average switch
        {
            "mean" => model.Mean(x, false, 2, 3),
            "mean negative" => model.Mean(x, false, -1, -2),
            "mean kept" => model.Add("Flatten", [model.Mean(x, true, 2, 3)], ("axis", 1)),
            "pool reshaped" =>
                model.Add("Reshape", [model.Add("GlobalAveragePool", [x]), model.Concat(0, model.SizeOf(x, 0), model.Integers(-1))]),
            _ => model.Add("Squeeze", [model.Add("GlobalAveragePool", [x]), model.Integers(-1, -2)]),
        };
        model.Output(model.Gemm(x, channels, 10));
        return model.ToBytes();
    }

    /// <summary>A ShuffleNetV2: halves, and channels that change places.</summary>
    public static byte[] Shuffled(bool byShape)
    {
        var model = new FamilyModel(17, 3);
        string x = model.Relu(model.Conv(model.Input(-1, 3, -1, -1), 3, 16, 3, 2));
        x = model.MaxPool(x, 3, 2, 1);
        x = Shuffle(model, model.Concat(1, Branch(model, Depthwise(model, x, 16, 2), 16), Branch(model, x, 16, 2)), 32, byShape);
        for (int i = 0; i < 2; i++)
        {
            string[] halves = model.Add("Split", 2, [x, model.Integers(16, 16)], ("axis", 1));
            x = Shuffle(model, model.Concat(1, halves[0], Branch(model, halves[1], 16)), 32, byShape);
        }

        x = model.Relu(model.Conv(x, 32, 40, 1, groups: 4));
        model.Output(model.Gemm(model.Mean(x, false, 2, 3), 40, 10));
        return model.ToBytes();
    }

    /// <summary>A MobileNet of TensorFlow: channels last at the ends.</summary>
    /// <param name="isSegmentation">Whether the output is an image.</param>
    /// <param name="stem">The channels of the first convolution.</param>
    /// <param name="blocks">Channels and strides of what follows.</param>
    public static byte[] TensorFlow(bool isSegmentation, int stem, params (int To, int Stride)[] blocks)
    {
        var model = new FamilyModel(13, 4);
        string x = model.Transpose(model.Input(-1, -1, -1, 3), 0, 3, 1, 2);
        x = model.Add("Sub", [model.Add("Mul", [x, model.Number(0.5f)]), model.Initializer(model.Floats([1, 3, 1, 1]))]);
        x = model.Relu6(model.Conv(Padded(x), 3, stem, 3, 2, pad: 0));
        int channels = stem;
        foreach ((int to, int stride) in blocks)
        {
            x = stride == 1
                ? model.Conv(x, channels, channels, 3, groups: channels)
                : model.Conv(Padded(x), channels, channels, 3, 2, channels, pad: 0);
            x = model.Relu6(model.Conv(model.Relu6(x), channels, to, 1));
            channels = to;
        }

        x = model.Add("Add", [x, model.Normalized(x, channels, channels, 1)]);
        if (isSegmentation)
        {
            model.Output(model.Transpose(model.Add("Softmax", [model.Conv(x, channels, 5, 1)], ("axis", 1)), 0, 2, 3, 1));
            return model.ToBytes();
        }

        x = model.Add("Squeeze", [model.Add("GlobalAveragePool", [x]), model.Integers(2, 3)]);
        model.Output(model.Add("Softmax", [model.Dense(x, channels, 7)], ("axis", -1)));
        return model.ToBytes();

        string Padded(string value) =>
            model.Add("Pad", [value, model.Integers(0, 0, 0, 0, 0, 0, 1, 1), model.Number(0)], ("mode", "constant"));
    }

    private static string Residual(FamilyModel model, string x, out int channels)
    {
        x = model.Relu(model.BatchNormalization(model.Conv(x, 3, 8, 7, 2, bias: false), 8));
        x = model.Add("MaxPool", [x], ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("pads", new[] { 1, 1, 1, 1 }),
            ("ceil_mode", 0));
        string y = model.BatchNormalization(model.Conv(model.Relu(model.BatchNormalization(model.Conv(x, 8, 8, 3), 8)), 8, 8, 3), 8);
        x = model.Relu(model.Add("Add", [y, x]));
        y = model.BatchNormalization(model.Conv(model.Relu(model.Conv(x, 8, 16, 3, 2, groups: 4)), 16, 16, 3), 16);
        channels = 16;
        return model.Relu(model.Add("Add", [y, model.Conv(x, 8, 16, 1, 2, pad: 0)]));
    }

    private static string Depthwise(FamilyModel model, string x, int channels, int stride) =>
        model.BatchNormalization(model.Conv(x, channels, channels, 3, stride, channels, bias: false), channels);

    private static string Branch(FamilyModel model, string x, int channels, int stride = 1)
    {
        x = model.Relu(model.Conv(x, channels, channels, 1));
        return model.Relu(model.Conv(stride == 1 ? x : Depthwise(model, x, channels, stride), channels, channels, 1));
    }

    private static string Shuffle(FamilyModel model, string x, int channels, bool byShape)
    {
        if (!byShape)
        {
            string parts = model.Add("Reshape",
                [x, model.Concat(0, model.SizeOf(x, 0), model.Integers(2, channels / 2), model.SizeOf(x, 2), model.SizeOf(x, 3))]);
            return model.Add("Reshape", [model.Transpose(parts, 0, 2, 1, 3, 4),
                model.Concat(0, model.SizeOf(x, 0), model.Integers(-1), model.SizeOf(x, 2), model.SizeOf(x, 3))]);
        }

        string shape = model.Add("Shape", [x]);
        string grouped = model.Add("Reshape",
            [x, model.Concat(0, model.Slice(shape, 0, 0, 1), model.Integers(2, channels / 2), model.Slice(shape, 0, 2, 4))]);
        return model.Add("Reshape", [model.Transpose(grouped, 0, 2, 1, 3, 4), shape]);
    }
}

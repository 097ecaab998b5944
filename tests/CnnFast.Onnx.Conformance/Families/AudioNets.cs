namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Convolutional nets on one dimension: sound, and measurements over time.</summary>
internal static class AudioNets
{
    /// <summary>A classifier of waves.</summary>
    /// <param name="length">The samples of a wave; −1 where any will do.</param>
    public static byte[] Build(int length)
    {
        var model = new FamilyModel(15, 7);
        string x = model.Relu(model.BatchNormalization(Conv(model, model.Input(-1, 2, length), 2, 12, 9, 4), 12));
        x = model.Add("MaxPool", [x], ("kernel_shape", new[] { 3 }), ("strides", new[] { 2 }), ("pads", new[] { 1, 1 }));
        x = model.Relu(model.BatchNormalization(Conv(model, x, 12, 12, 3, 1, 12), 12));
        x = model.Relu(model.BatchNormalization(Conv(model, x, 12, 16, 1), 16));
        x = model.Add("AveragePool", [x], ("kernel_shape", new[] { 4 }), ("strides", new[] { 4 }));
        x = model.Add("Add", [x, model.Add("Tanh", [Conv(model, x, 16, 16, 3, dilation: 2)])]);
        x = length < 0
            ? model.Gemm(model.Mean(x, false, -1), 16, 6)
            : model.Gemm(model.Add("Flatten", [x], ("axis", 1)), 16 * ((((length + 3) / 4) + 1) / 2 / 4), 6);
        model.Output(model.Add("LogSoftmax", [x], ("axis", -1)));
        return model.ToBytes();
    }

    private static string Conv(FamilyModel model, string x, int from, int to, int size, int stride = 1, int groups = 1, int dilation = 1) =>
        model.Add(
            "Conv",
            [x, model.Weights(from / groups * size, to, from / groups, size), model.Initializer(model.Floats([to], -0.2, 0.2))],
            ("kernel_shape", new[] { size }),
            ("strides", new[] { stride }),
            ("dilations", new[] { dilation }),
            ("group", groups),
            ("pads", new[] { size / 2 * dilation, size / 2 * dilation }));
}

namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Nets from images to images.</summary>
internal static class SegmentationNets
{
    /// <summary>A U-Net.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="transposed">Whether transposed convolutions enlarge; else bilinear interpolation with aligned corners does.</param>
    /// <param name="width">The channels at full size.</param>
    /// <param name="depth">How often height and width are halved.</param>
    public static byte[] Unet(int opset, bool transposed, int width, int depth)
    {
        var model = new FamilyModel(opset, opset + depth);
        string x = Double(model.Input(-1, 3, -1, -1), 3, width);
        var features = new Stack<string>();
        for (int i = 0; i < depth; i++)
        {
            features.Push(x);
            x = model.MaxPool(x, 2, 2);
            x = Double(x, width << i, width << (i + 1));
        }

        for (int i = depth - 1; i >= 0; i--)
        {
            int from = width << (i + 1);
            if (transposed)
                x = model.Doubled(x, from, from / 2);
            else
                x = model.Conv(model.Resize(x, null, 2, ("mode", "linear"), ("coordinate_transformation_mode", "align_corners")), from,
                    from / 2, 1);
            x = Double(model.Concat(1, features.Pop(), x), from, from / 2);
        }

        model.Output(model.Add("Sigmoid", [model.Conv(x, width, 2, 1)]));
        return model.ToBytes();

        string Double(string value, int from, int to) =>
            model.Relu(model.Normalized(model.Relu(model.Normalized(value, from, to, 3)), to, to, 3));
    }

    /// <summary>A change of style: convolutions behind mirrored borders, every one normalised by its own image.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="width">The channels at full size.</param>
    /// <param name="residuals">The blocks at a quarter of the size.</param>
    public static byte[] Style(int opset, int width, int residuals)
    {
        var model = new FamilyModel(opset, opset + width);
        string x = model.Relu(Unit(model.Input(-1, 3, -1, -1), 3, width, 9, 1));
        x = model.Relu(Unit(x, width, 2 * width, 3, 2));
        x = model.Relu(Unit(x, 2 * width, 4 * width, 3, 2));
        for (int i = 0; i < residuals; i++)
            x = model.Add("Add", [x, Unit(model.Relu(Unit(x, 4 * width, 4 * width, 3, 1)), 4 * width, 4 * width, 3, 1)]);
        for (int to = 2 * width; to >= width; to /= 2)
            x = model.Relu(Unit(model.Resize(x, null, 2, ("mode", "nearest"), ("nearest_mode", "floor"),
                ("coordinate_transformation_mode", "asymmetric")), 2 * to, to, 3, 1));
        model.Output(model.Conv(Mirrored(x, 4), width, 3, 9, pad: 0));
        return model.ToBytes();

        string Unit(string value, int from, int to, int size, int stride) => model.Add(
            "InstanceNormalization",
            [model.Conv(Mirrored(value, size / 2), from, to, size, stride, pad: 0), model.Initializer(model.Floats([to], 0.7, 1.3)),
                model.Initializer(model.Floats([to], -0.2, 0.2))],
            ("epsilon", 1e-5f));

        string Mirrored(string value, int border) =>
            model.Add("Pad", [value, model.Integers(0, 0, border, border, 0, 0, border, border)], ("mode", "reflect"));
    }
}

namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Detectors of lines like M-LSD: a MobileNetV2 and a U-Net of bilinear enlargements, with dilated convolutions at the end.</summary>
internal static class LineDetectors
{
    /// <summary>A model.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="coordinates">How enlargements place their elements.</param>
    /// <param name="padding">What lies around images before the last convolution.</param>
    public static byte[] Build(int opset, string coordinates, string padding)
    {
        var model = new FamilyModel(opset, opset + padding.Length);
        string x = model.Input(-1, 4, -1, -1);
        string half = model.Relu6(model.Conv(Padded(model, x, "constant", 0, 1), 4, 12, 3, 2, pad: 0));
        string quarter = Inverted(model, half, 12, 16, 2);
        quarter = Inverted(model, quarter, 16, 16, 1);
        string eighth = Inverted(model, quarter, 16, 24, 2);
        string y = Merge(model, eighth, 24, quarter, 16, 12, coordinates);
        y = Merge(model, y, 12, half, 12, 8, coordinates);
        y = model.Relu6(model.BatchNormalization(model.Conv(y, 8, 8, 3, dilation: 5), 8));
        y = model.Relu(model.Conv(Padded(model, y, padding, 2, 2), 8, 8, 3, dilation: 2, pad: 0));
        model.Output(model.Conv(y, 8, 9, 1));
        return model.ToBytes();
    }

    // Stride 2 with a border at the end only, as TensorFlow pads even sizes.
    private static string Inverted(FamilyModel model, string x, int from, int to, int stride)
    {
        int wide = 2 * from;
        string y = model.Relu6(model.BatchNormalization(model.Conv(x, from, wide, 1, bias: false), wide));
        y = stride == 1 ? model.Conv(y, wide, wide, 3, groups: wide) : model.Conv(Padded(model, y, "constant", 0, 1), wide, wide, 3, 2, wide, pad: 0);
        y = model.BatchNormalization(model.Conv(model.Relu6(y), wide, to, 1, bias: false), to);
        return stride == 1 && from == to ? model.Add("Add", [x, y]) : y;
    }

    // Sizes as PyTorch writes those of interpolate.
    private static string Merge(FamilyModel model, string deep, int deepChannels, string flat, int flatChannels, int to, string coordinates)
    {
        string a = model.Relu(model.Conv(flat, flatChannels, to, 1));
        string b = model.Relu(model.Conv(deep, deepChannels, to, 1));
        string sizes = model.Concat(0, model.Slice(model.Add("Shape", [b]), 0, 0, 2), model.Add("Cast", [model.Concat(0, model.SizeOf(flat, 2), model.SizeOf(flat, 3))], ("to", 7)));
        b = model.Resize(b, sizes, 0, ("mode", "linear"), ("coordinate_transformation_mode", coordinates), ("cubic_coeff_a", -0.75f), ("nearest_mode", "floor"));
        string y = model.Concat(1, a, b);
        return model.Relu(model.Conv(model.Add("Add", [y, model.Relu(model.Conv(y, 2 * to, 2 * to, 3))]), 2 * to, to, 3));
    }

    private static string Padded(FamilyModel model, string x, string mode, int before, int after)
    {
        string pads = model.Integers(0, 0, before, before, 0, 0, after, after);
        return mode == "constant" ? model.Add("Pad", [x, pads, model.Number(0)], ("mode", mode)) : model.Add("Pad", [x, pads], ("mode", mode));
    }
}

namespace CnnFast.Onnx.Conformance.Families;

/// <summary>
/// Detectors of lines like M-LSD: a MobileNetV2 and a U-Net of bilinear enlargements, with dilated convolutions at the end.
/// </summary>
internal static class LineDetectors
{
    /// <summary>Blocks for tests.</summary>
    public static IReadOnlyList<MobileBlock> Small { get; } = [new(3, 24, 16, 2), new(3, 32, 16, 1), new(3, 32, 24, 2)];

    /// <summary>The first blocks of MobileNetV2.</summary>
    public static IReadOnlyList<MobileBlock> Large { get; } =
    [
        new(3, 32, 16, 1), new(3, 96, 24, 2), new(3, 144, 24, 1), new(3, 144, 32, 2), new(3, 192, 32, 1), new(3, 192, 32, 1),
        new(3, 192, 64, 2), new(3, 384, 64, 1), new(3, 384, 64, 1), new(3, 384, 64, 1),
    ];

    /// <summary>A model.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="coordinates">How enlargements place their elements.</param>
    /// <param name="padding">What lies around images before the last convolution.</param>
    /// <param name="blocks">The blocks of the backbone.</param>
    /// <param name="stem">The channels before them.</param>
    /// <param name="merged">The channels behind each enlargement.</param>
    public static byte[] Build(int opset, string coordinates, string padding, IReadOnlyList<MobileBlock> blocks, int stem,
        params int[] merged)
    {
        var model = new FamilyModel(opset, opset + padding.Length);
        string x = model.Input(-1, 4, -1, -1);
        x = model.Relu6(model.Conv(Padded(model, x, "constant", 0, 1), 4, stem, 3, 2, pad: 0));
        int channels = stem;
        var features = new Stack<(string Value, int Channels)>();
        foreach (MobileBlock block in blocks)
        {
            if (block.Stride == 2)
                features.Push((x, channels));
            x = Inverted(model, x, channels, block);
            channels = block.To;
        }

        foreach (int to in merged)
        {
            (string flat, int flatChannels) = features.Pop();
            x = Merge(model, x, channels, flat, flatChannels, to, coordinates);
            channels = to;
        }

        x = model.Relu6(model.BatchNormalization(model.Conv(x, channels, channels, 3, dilation: 5), channels));
        x = model.Relu(model.Conv(Padded(model, x, padding, 2, 2), channels, channels, 3, dilation: 2, pad: 0));
        model.Output(model.Conv(x, channels, 9, 1));
        return model.ToBytes();
    }

    // Stride 2 with a border at the end only, as TensorFlow pads even sizes.
    private static string Inverted(FamilyModel model, string x, int from, MobileBlock block)
    {
        int wide = block.Wide;
        string y = model.Relu6(model.Normalized(x, from, wide, 1));
        y = block.Stride == 1
            ? model.Conv(y, wide, wide, 3, groups: wide)
            : model.Conv(Padded(model, y, "constant", 0, 1), wide, wide, 3, 2, wide, pad: 0);
        y = model.Normalized(model.Relu6(y), wide, block.To, 1);
        return block.Stride == 1 && from == block.To ? model.Add("Add", [x, y]) : y;
    }

    // Sizes as PyTorch writes those of interpolate.
    private static string Merge(FamilyModel model, string deep, int deepChannels, string flat, int flatChannels, int to, string coordinates)
    {
        string a = model.Relu(model.Conv(flat, flatChannels, to, 1));
        string b = model.Relu(model.Conv(deep, deepChannels, to, 1));
        string sizes = model.Concat(0, model.Slice(model.Add("Shape", [b]), 0, 0, 2),
            model.Add("Cast", [model.Concat(0, model.SizeOf(flat, 2), model.SizeOf(flat, 3))], ("to", 7)));
        b = model.Resize(b, sizes, 0, ("mode", "linear"), ("coordinate_transformation_mode", coordinates), ("cubic_coeff_a", -0.75f),
            ("nearest_mode", "floor"));
        string y = model.Concat(1, a, b);
        return model.Relu(model.Conv(model.Add("Add", [y, model.Relu(model.Conv(y, 2 * to, 2 * to, 3))]), 2 * to, to, 3));
    }

    private static string Padded(FamilyModel model, string x, string mode, int before, int after)
    {
        string pads = model.Integers(0, 0, before, before, 0, 0, after, after);
        return mode == "constant"
            ? model.Add("Pad", [x, pads, model.Number(0)], ("mode", mode))
            : model.Add("Pad", [x, pads], ("mode", mode));
    }
}

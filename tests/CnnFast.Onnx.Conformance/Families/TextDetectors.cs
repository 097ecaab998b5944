namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Detectors of text like DBNet: a MobileNetV3, a pyramid of features, a head of transposed convolutions.</summary>
internal static class TextDetectors
{
    /// <summary>Blocks for tests.</summary>
    public static IReadOnlyList<MobileBlock> Small { get; } =
    [
        new(3, 16, 8, 2, true), new(3, 16, 8, 1, true),
        new(5, 16, 12, 2, false, true), new(5, 24, 12, 1, false, true),
        new(3, 24, 16, 2, true, true), new(3, 32, 16, 1, true, true),
        new(5, 32, 24, 2, true, true), new(5, 48, 24, 1, true, true),
    ];

    /// <summary>The blocks of MobileNetV3-large.</summary>
    public static IReadOnlyList<MobileBlock> Large { get; } =
    [
        new(3, 16, 16, 1), new(3, 64, 24, 2), new(3, 72, 24, 1),
        new(5, 72, 40, 2, true), new(5, 120, 40, 1, true), new(5, 120, 40, 1, true),
        new(3, 240, 80, 2, false, true), new(3, 200, 80, 1, false, true), new(3, 184, 80, 1, false, true), new(3, 184, 80, 1, false, true),
        new(3, 480, 112, 1, true, true), new(3, 672, 112, 1, true, true),
        new(5, 672, 160, 2, true, true), new(5, 960, 160, 1, true, true), new(5, 960, 160, 1, true, true),
    ];

    /// <summary>A model.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="spelledOut">Whether h-swish is Add, Clip, Mul and Div, as Paddle writes it; else HardSigmoid and Mul.</param>
    /// <param name="bySizes">Whether features grow to sizes computed from shapes, which images of any size need; else by scales.</param>
    /// <param name="blocks">The blocks of the backbone.</param>
    /// <param name="stem">The channels before them.</param>
    /// <param name="lateral">The channels of the pyramid.</param>
    public static byte[] Build(int opset, bool spelledOut, bool bySizes, IReadOnlyList<MobileBlock> blocks, int stem, int lateral)
    {
        var model = new FamilyModel(opset, opset + (spelledOut ? 1 : 0));
        string x = model.Input(-1, 3, -1, -1);
        x = Swish(model, model.Normalized(x, 3, stem, 3, 2), spelledOut);
        int channels = stem;
        List<(string Value, int Channels)> features = [];
        for (int i = 0; i < blocks.Count; i++)
        {
            x = Block(model, x, channels, blocks[i], spelledOut);
            channels = blocks[i].To;
            if (i + 1 == blocks.Count || (blocks[i + 1].Stride == 2 && blocks.Take(i + 1).Any(block => block.Stride == 2)))
                features.Add((x, channels));
        }

        string[] laterals = [.. features.Select(feature => model.Conv(feature.Value, feature.Channels, lateral, 1, bias: false))];
        for (int i = 2; i >= 0; i--)
            laterals[i] = model.Add("Add", [laterals[i], Grown(model, laterals[i + 1], laterals[i], 2, bySizes)]);
        int part = lateral / 4;
        string[] planes = [.. laterals.Select(value => model.Conv(value, lateral, part, 3, bias: false))];
        string fused = model.Concat(1,
            [.. planes.Select((plane, i) => i == 0 ? plane : Grown(model, plane, planes[0], 1 << i, bySizes)).Reverse()]);
        string head = model.Relu(model.Normalized(fused, lateral, part, 3));
        head = model.Relu(model.BatchNormalization(model.Doubled(head, part, part), part));
        model.Output(model.Add("Sigmoid", [model.Doubled(head, part, 1)]));
        return model.ToBytes();
    }

    private static string Block(FamilyModel model, string x, int from, MobileBlock block, bool spelledOut)
    {
        string y = Activation(model.Normalized(x, from, block.Wide, 1));
        y = Activation(model.Normalized(y, block.Wide, block.Wide, block.Kernel, block.Stride, block.Wide));
        if (block.Squeezes)
        {
            string scale = model.Add("GlobalAveragePool", [y]);
            scale = model.Conv(model.Relu(model.Conv(scale, block.Wide, block.Wide / 4, 1)), block.Wide / 4, block.Wide, 1);
            y = model.Add("Mul", [y, model.Add("HardSigmoid", [scale], ("alpha", 0.2f), ("beta", 0.5f))]);
        }

        y = model.Normalized(y, block.Wide, block.To, 1);
        return block.Stride == 1 && from == block.To ? model.Add("Add", [x, y]) : y;

        string Activation(string value) => block.Swishes ? Swish(model, value, spelledOut) : model.Relu(value);
    }

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
        string? sizes = bySizes
            ? model.Concat(0, model.Slice(model.Add("Shape", [x]), 0, 0, 2), model.Slice(model.Add("Shape", [like]), 0, 2, 4))
            : null;
        return model.Resize(x, sizes, factor, attributes);
    }
}

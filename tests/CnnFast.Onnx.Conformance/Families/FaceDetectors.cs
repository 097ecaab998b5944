namespace CnnFast.Onnx.Conformance.Families;

/// <summary>
/// Detectors of faces like RetinaFace and SCRFD: heads at several scales, whose anchors are put in one list; boxes, scores and points of
/// faces are outputs of their own.
/// </summary>
internal static class FaceDetectors
{
    private const int Anchors = 2;

    /// <summary>Channels and strides of the convolutions of the backbone, for tests.</summary>
    public static IReadOnlyList<(int To, int Stride)> Small { get; } = [(12, 2), (16, 2), (16, 2), (16, 2)];

    /// <summary>A backbone of real size.</summary>
    public static IReadOnlyList<(int To, int Stride)> Large { get; } = [(28, 2), (28, 1), (56, 2), (56, 1), (56, 1), (88, 2), (88, 1),
        (88, 1), (88, 2), (88, 1), (88, 1), (224, 2), (224, 1)];

    /// <summary>A model for one size, which decodes boxes with the anchors as constants.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="units">The backbone.</param>
    /// <param name="width">The channels of the pyramid.</param>
    public static byte[] BuildStatic(int opset, int size, IReadOnlyList<(int To, int Stride)> units, int width)
    {
        var model = new FamilyModel(opset, opset);
        string[] features = Features(model, model.Input(1, 3, size, size), units, width);
        int strideOfAll = units.Aggregate(1, (product, unit) => product * unit.Stride);
        int count = Anchors * new[] { strideOfAll / 4, strideOfAll / 2, strideOfAll }.Sum(stride => size / stride * (size / stride));
        string boxes = Heads(model, features, width, 4, x => model.Reshape(x, 1, -1, 4));
        string centres = model.Initializer(model.Floats([1, count, 2], 0, 1));
        string extents = model.Initializer(model.Floats([count, 2], 0.1, 0.5));
        string middle = model.Add("Add",
            [centres, model.Add("Mul", [model.Add("Mul", [model.Slice(boxes, 2, 0, 2), model.Number(0.1f)]), extents])]);
        string extent = model.Add("Mul",
            [extents, model.Add("Exp", [model.Add("Mul", [model.Slice(boxes, 2, 2, int.MaxValue), model.Number(0.2f)])])]);
        string first = model.Add("Sub", [middle, model.Add("Div", [extent, model.Number(2)])]);
        model.Output(model.Concat(2, first, model.Add("Add", [extent, first])));
        model.Output(model.Add("Softmax", [Heads(model, features, width, 2, x => model.Reshape(x, 1, -1, 2))], ("axis", -1)));
        string[] points = [.. Enumerable.Range(0, 5).Select(i => Decoded(i))];
        model.Output(model.Concat(2, points));
        return model.ToBytes();

        string Decoded(int i)
        {
            string all = Heads(model, features, width, 10, x => model.Reshape(x, 1, -1, 10));
            return model.Add("Add", [centres, model.Add("Mul", [model.Slice(all, -1, 2 * i, (2 * i) + 2), extents])]);
        }
    }

    /// <summary>A model for any size, in one of the ways in which the number of samples is kept.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="byShape">Whether the number of samples is taken from the shape; else the reshape copies it.</param>
    /// <param name="units">The backbone.</param>
    /// <param name="width">The channels of the pyramid.</param>
    public static byte[] BuildDynamic(int opset, bool byShape, IReadOnlyList<(int To, int Stride)> units, int width)
    {
        var model = new FamilyModel(opset, opset);
        string[] features = Features(model, model.Input(-1, 3, -1, -1), units, width);
        string boxes = Heads(model, features, width, 4, x => Listed(x, 4));
        string[] parts = model.Add("Split", 2, [boxes], ("axis", 2));
        string extent = model.Add("Exp", [model.Add("Mul", [parts[1], model.Number(0.2f)])]);
        model.Output(model.Concat(-1, model.Add("Sub", [parts[0], extent]), model.Add("Add", [parts[0], extent])));
        model.Output(model.Slice(model.Add("Softmax", [Heads(model, features, width, 2, x => Listed(x, 2))], ("axis", 2)), 2, 1, 2));
        foreach (string feature in features)
            model.Output(model.Add("Sigmoid", [Listed(model.Transpose(model.Conv(feature, width, Anchors, 3), 0, 2, 3, 1), 1)]));
        model.Output(Heads(model, features, width, 10, x => Listed(x, 10)));
        return model.ToBytes();

        string Listed(string x, int each) => byShape
            ? model.Add("Reshape", [x, model.Concat(0, model.SizeOf(x, 0), model.Integers(-1), model.Integers(each))])
            : model.Reshape(x, 0, -1, each);
    }

    /// <summary>
    /// A detector like BlazeFace: blocks whose way round is pooled and filled up with channels of zeros, heads at two sizes.
    /// </summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="repeats">Blocks of every size.</param>
    /// <param name="widths">The channels of every size.</param>
    public static byte[] BuildBlaze(int opset, int size, int repeats, params int[] widths)
    {
        var model = new FamilyModel(opset, opset + size);
        string x = model.Input(1, 3, size, size);
        x = model.Relu(model.Conv(model.Add("Pad", [x, model.Integers(0, 0, 1, 1, 0, 0, 2, 2), model.Number(0)], ("mode", "constant")), 3,
            widths[0], 5, 2, pad: 0));
        int channels = widths[0];
        List<(string Value, int Channels)> features = [];
        for (int i = 0; i < widths.Length; i++)
        {
            for (int block = 0; block < repeats; block++)
                x = Block(x, widths[i], i > 0 && block == 0 ? 2 : 1);
            features.Add((x, channels));
        }

        model.Output(Lists(1));
        model.Output(Lists(16));
        return model.ToBytes();

        string Block(string value, int to, int stride)
        {
            string way = stride == 2 ? model.MaxPool(value, 2, 2) : value;
            if (to != channels)
                way = model.Add("Pad", [way, model.Integers(0, 0, 0, 0, 0, to - channels, 0, 0), model.Number(0)], ("mode", "constant"));
            string y = stride == 2
                ? model.Add("Pad", [value, model.Integers(0, 0, 1, 1, 0, 0, 2, 2), model.Number(0)], ("mode", "constant"))
                : value;
            y = model.Conv(model.Conv(y, channels, channels, 5, stride, channels, pad: stride == 2 ? 0 : 2), channels, to, 1);
            channels = to;
            return model.Relu(model.Add("Add", [y, way]));
        }

        string Lists(int each) => model.Concat(1, [.. features.TakeLast(2).Select((feature, i) =>
            model.Reshape(model.Transpose(model.Conv(feature.Value, feature.Channels, each * (2 + (4 * i)), 1), 0, 2, 3, 1), 1, -1,
                each))]);
    }

    // The pyramid stands on the last three sizes.
    private static string[] Features(FamilyModel model, string x, IReadOnlyList<(int To, int Stride)> units, int width)
    {
        int channels = 3;
        List<(string Value, int Channels)> sizes = [];
        foreach ((int to, int stride) in units)
        {
            if (stride == 2)
                sizes.Add((x, channels));
            x = Unit(x, channels, to, 3, stride);
            channels = to;
        }

        sizes.Add((x, channels));
        string[] features = [.. sizes.TakeLast(3).Select(feature => Unit(feature.Value, feature.Channels, width, 1, 1))];
        for (int i = 1; i >= 0; i--)
        {
            string wanted = model.Concat(0, model.SizeOf(features[i + 1], 0), model.Integers(width), model.SizeOf(features[i], 2),
                model.SizeOf(features[i], 3));
            string grown = model.Resize(features[i + 1], wanted, 0, ("mode", "nearest"), ("nearest_mode", "floor"),
                ("coordinate_transformation_mode", "asymmetric"));
            features[i] = model.Add("LeakyRelu", [model.Conv(model.Add("Add", [features[i], grown]), width, width, 3)], ("alpha", 0.1f));
        }

        return features;

        string Unit(string value, int from, int to, int size, int stride) =>
            model.Add("LeakyRelu", [model.Normalized(value, from, to, size, stride)], ("alpha", 0.1f));
    }

    private static string Heads(FamilyModel model, string[] features, int width, int each, Func<string, string> list) =>
        model.Concat(1, [.. features.Select(feature => list(model.Transpose(model.Conv(feature, width, Anchors * each, 1), 0, 2, 3, 1)))]);
}

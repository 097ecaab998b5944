namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Detectors of faces like RetinaFace and SCRFD: heads at several scales, whose anchors are put in one list; boxes, scores and points of faces are outputs of their own.</summary>
internal static class FaceDetectors
{
    private const int Anchors = 2;

    /// <summary>A model for one size, which decodes boxes with the anchors as constants.</summary>
    public static byte[] BuildStatic(int opset, int size)
    {
        var model = new FamilyModel(opset, opset);
        string[] features = Features(model, model.Input(1, 3, size, size));
        int count = Anchors * new[] { 4, 8, 16 }.Sum(stride => size / stride * (size / stride));
        string boxes = Heads(model, features, 4, x => model.Reshape(x, 1, -1, 4));
        string centres = model.Initializer(model.Floats([1, count, 2], 0, 1));
        string extents = model.Initializer(model.Floats([count, 2], 0.1, 0.5));
        string middle = model.Add("Add", [centres, model.Add("Mul", [model.Add("Mul", [model.Slice(boxes, 2, 0, 2), model.Number(0.1f)]), extents])]);
        string extent = model.Add("Mul", [extents, model.Add("Exp", [model.Add("Mul", [model.Slice(boxes, 2, 2, int.MaxValue), model.Number(0.2f)])])]);
        string first = model.Add("Sub", [middle, model.Add("Div", [extent, model.Number(2)])]);
        model.Output(model.Concat(2, first, model.Add("Add", [extent, first])));
        model.Output(model.Add("Softmax", [Heads(model, features, 2, x => model.Reshape(x, 1, -1, 2))], ("axis", -1)));
        string[] points = [.. Enumerable.Range(0, 5).Select(i => Decoded(i))];
        model.Output(model.Concat(2, points));
        return model.ToBytes();

        string Decoded(int i)
        {
            string all = Heads(model, features, 10, x => model.Reshape(x, 1, -1, 10));
            return model.Add("Add", [centres, model.Add("Mul", [model.Slice(all, -1, 2 * i, (2 * i) + 2), extents])]);
        }
    }

    /// <summary>A model for any size, in one of the ways in which the number of samples is kept.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="byShape">Whether the number of samples is taken from the shape; else the reshape copies it.</param>
    public static byte[] BuildDynamic(int opset, bool byShape)
    {
        var model = new FamilyModel(opset, opset);
        string[] features = Features(model, model.Input(-1, 3, -1, -1));
        string boxes = Heads(model, features, 4, x => Listed(x, 4));
        string[] parts = model.Add("Split", 2, [boxes], ("axis", 2));
        string extent = model.Add("Exp", [model.Add("Mul", [parts[1], model.Number(0.2f)])]);
        model.Output(model.Concat(-1, model.Add("Sub", [parts[0], extent]), model.Add("Add", [parts[0], extent])));
        model.Output(model.Slice(model.Add("Softmax", [Heads(model, features, 2, x => Listed(x, 2))], ("axis", 2)), 2, 1, 2));
        foreach (string feature in features)
            model.Output(model.Add("Sigmoid", [Listed(model.Transpose(model.Conv(feature, 16, Anchors, 3), 0, 2, 3, 1), 1)]));
        model.Output(Heads(model, features, 10, x => Listed(x, 10)));
        return model.ToBytes();

        string Listed(string x, int each) => byShape
            ? model.Add("Reshape", [x, model.Concat(0, model.SizeOf(x, 0), model.Integers(-1), model.Integers(each))])
            : model.Reshape(x, 0, -1, each);
    }

    private static string[] Features(FamilyModel model, string x)
    {
        x = Unit(x, 3, 12, 2);
        string[] features = [x = Unit(x, 12, 16, 2), x = Unit(x, 16, 16, 2), x = Unit(x, 16, 16, 2)];
        for (int i = 1; i >= 0; i--)
        {
            string sizes = model.Concat(0, model.SizeOf(features[i + 1], 0), model.Integers(16), model.SizeOf(features[i], 2), model.SizeOf(features[i], 3));
            string grown = model.Resize(features[i + 1], sizes, 0, ("mode", "nearest"), ("nearest_mode", "floor"), ("coordinate_transformation_mode", "asymmetric"));
            features[i] = model.Add("LeakyRelu", [model.Conv(model.Add("Add", [features[i], grown]), 16, 16, 3)], ("alpha", 0.1f));
        }

        return features;

        string Unit(string value, int from, int to, int stride) =>
            model.Add("LeakyRelu", [model.BatchNormalization(model.Conv(value, from, to, 3, stride, bias: false), to)], ("alpha", 0.1f));
    }

    private static string Heads(FamilyModel model, string[] features, int each, Func<string, string> list) =>
        model.Concat(1, [.. features.Select(feature => list(model.Transpose(model.Conv(feature, 16, Anchors * each, 1), 0, 2, 3, 1)))]);
}

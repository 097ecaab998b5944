namespace CnnFast.Onnx.Conformance.Families;

/// <summary>
/// Detectors like YOLOv8: halves of channels that pass by blocks, a pyramid up and down, and heads without anchors whose distances are
/// drawn from distributions.
/// </summary>
internal static class ObjectDetectors
{
    private const int Bins = 16;
    private const int Boxes = 4 * Bins;

    /// <summary>A detector for one size, a multiple of 32 each.</summary>
    /// <param name="height">The height.</param>
    /// <param name="width">The width.</param>
    /// <param name="stem">The channels of the first convolution: 16 for the nano size.</param>
    /// <param name="classes">How many classes there are.</param>
    public static byte[] Build(int height, int width, int stem, int classes)
    {
        var model = new FamilyModel(17, stem + classes);
        string x = Conv(model, Conv(model, model.Input(1, 3, height, width), 3, stem, 3, 2), stem, 2 * stem, 3, 2);
        x = Split(model, x, 2 * stem, 2 * stem, 1, true);
        int c8 = 4 * stem, c16 = 8 * stem, c32 = 16 * stem;
        string p8 = Split(model, Conv(model, x, 2 * stem, c8, 3, 2), c8, c8, 2, true);
        string p16 = Split(model, Conv(model, p8, c8, c16, 3, 2), c16, c16, 2, true);
        string p32 = Split(model, Conv(model, p16, c16, c32, 3, 2), c32, c32, 1, true);
        p32 = Pyramid(model, p32, c32);
        p16 = Split(model, model.Concat(1, Grown(model, p32), p16), c32 + c16, c16, 1, false);
        p8 = Split(model, model.Concat(1, Grown(model, p16), p8), c16 + c8, c8, 1, false);
        p16 = Split(model, model.Concat(1, Conv(model, p8, c8, c8, 3, 2), p16), c8 + c16, c16, 1, false);
        p32 = Split(model, model.Concat(1, Conv(model, p16, c16, c16, 3, 2), p32), c16 + c32, c32, 1, false);
        int middle = Math.Max(Math.Max(16, c8 / 4), Boxes), narrow = Math.Max(c8, Math.Min(classes, 100));
        string all = model.Concat(2,
            [.. new[] { (p8, c8), (p16, c16), (p32, c32) }.Select(feature => Head(model, feature, middle, narrow, classes))]);
        string[] parts = model.Add("Split", 2, [all, model.Integers(Boxes, classes)], ("axis", 1));
        model.Output(model.Concat(1, Decoded(model, parts[0], height, width), model.Add("Sigmoid", [parts[1]])));
        return model.ToBytes();
    }

    private static string Conv(FamilyModel model, string x, int from, int to, int size, int stride = 1) =>
        model.Silu(model.Conv(x, from, to, size, stride));

    // C2f: one half passes, the other goes through blocks, and all that they wrote is put side by side.
    private static string Split(FamilyModel model, string x, int from, int to, int blocks, bool adds)
    {
        int half = to / 2;
        List<string> parts =
            [.. model.Add("Split", 2, [Conv(model, x, from, to, 1), model.Integers(half, half)], ("axis", 1))];
        for (int i = 0; i < blocks; i++)
        {
            string y = Conv(model, Conv(model, parts[^1], half, half, 3), half, half, 3);
            parts.Add(adds ? model.Add("Add", [parts[^1], y]) : y);
        }

        return Conv(model, model.Concat(1, [.. parts]), (2 + blocks) * half, to, 1);
    }

    // SPPF: three maxima of 5×5, one after the other.
    private static string Pyramid(FamilyModel model, string x, int channels)
    {
        List<string> parts = [Conv(model, x, channels, channels / 2, 1)];
        for (int i = 0; i < 3; i++)
            parts.Add(model.MaxPool(parts[^1], 5, 1, 2));
        return Conv(model, model.Concat(1, [.. parts]), 2 * channels, channels, 1);
    }

    private static string Grown(FamilyModel model, string x) => model.Resize(x, null, 2, ("mode", "nearest"), ("nearest_mode", "floor"),
        ("coordinate_transformation_mode", "asymmetric"));

    private static string Head(FamilyModel model, (string Value, int Channels) feature, int middle, int narrow, int classes)
    {
        string box = Conv(model, Conv(model, feature.Value, feature.Channels, middle, 3), middle, middle, 3);
        string kind = Conv(model, Conv(model, feature.Value, feature.Channels, narrow, 3), narrow, narrow, 3);
        string both = model.Concat(1, model.Conv(box, middle, Boxes, 1), model.Conv(kind, narrow, classes, 1));
        return model.Reshape(both, 1, Boxes + classes, -1);
    }

    // The mean of a distribution over whole distances, which a 1×1 convolution with the weights 0, 1, … takes; from it middle and size.
    private static string Decoded(FamilyModel model, string x, int height, int width)
    {
        (float[] points, float[] strides) = Points(height, width);
        int count = strides.Length;
        string chances = model.Add("Softmax", [model.Transpose(model.Reshape(x, 1, 4, Bins, count), 0, 2, 1, 3)], ("axis", 1));
        string weights = model.Initializer(OnnxTensor.Create([.. Enumerable.Range(0, Bins).Select(i => (float)i)], 1, Bins, 1, 1));
        string distances = model.Reshape(model.Add("Conv", [chances, weights], ("kernel_shape", new[] { 1, 1 })), 1, 4, count);
        string centres = model.Constant(OnnxTensor.Create(points, 1, 2, count));
        string first = model.Add("Sub", [centres, model.Slice(distances, 1, 0, 2)]);
        string last = model.Add("Add", [centres, model.Slice(distances, 1, 2, 4)]);
        string middle = model.Add("Div", [model.Add("Add", [first, last]), model.Number(2)]);
        string boxes = model.Concat(1, middle, model.Add("Sub", [last, first]));
        return model.Add("Mul", [boxes, model.Constant(OnnxTensor.Create(strides, 1, count))]);
    }

    private static (float[] Points, float[] Strides) Points(int height, int width)
    {
        List<float> x = [], y = [], strides = [];
        foreach (int stride in new[] { 8, 16, 32 })
        {
            for (int row = 0; row < height / stride; row++)
                for (int column = 0; column < width / stride; column++)
                {
                    x.Add(column + 0.5f);
                    y.Add(row + 0.5f);
                    strides.Add(stride);
                }
        }

        return ([.. x, .. y], [.. strides]);
    }
}

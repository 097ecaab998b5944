namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Classifiers for small devices: EfficientNet, MobileNetV3, ShuffleNetV2, and MobileNet with h-swish.</summary>
internal static class MobileClassifiers
{
    /// <summary>Expansion, filter, stride, channels and repeats of EfficientNet-B0.</summary>
    public static IReadOnlyList<(int Expansion, int Kernel, int Stride, int To, int Repeats)> EfficientNetB0 { get; } =
    [
        (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1),
    ];

    /// <summary>An EfficientNet for any size, SiLU spelled as Sigmoid and Mul.</summary>
    /// <param name="stem">The channels of the first convolution.</param>
    /// <param name="last">The channels of the last.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="stages">What lies between.</param>
    public static byte[] EfficientNet(int stem, int last, int classes,
        IReadOnlyList<(int Expansion, int Kernel, int Stride, int To, int Repeats)> stages)
    {
        var model = new FamilyModel(17, stem);
        string x = model.Silu(model.Conv(model.Input(-1, 3, -1, -1), 3, stem, 3, 2));
        int channels = stem;
        foreach ((int expansion, int kernel, int stride, int to, int repeats) in stages)
        {
            for (int i = 0; i < repeats; i++)
            {
                int wide = expansion * channels, step = i == 0 ? stride : 1;
                string y = expansion == 1 ? x : model.Silu(model.Conv(x, channels, wide, 1));
                y = model.Silu(model.Conv(y, wide, wide, kernel, step, wide));
                string scale = model.Silu(model.Conv(model.Add("GlobalAveragePool", [y]), wide, channels / 4, 1));
                y = model.Add("Mul", [model.Add("Sigmoid", [model.Conv(scale, channels / 4, wide, 1)]), y]);
                y = model.Conv(y, wide, to, 1);
                x = step == 1 && channels == to ? model.Add("Add", [y, x]) : y;
                channels = to;
            }
        }

        x = model.Silu(model.Conv(x, channels, last, 1));
        model.Output(model.Gemm(Averaged(model, x), last, classes));
        return model.ToBytes();
    }

    /// <summary>A MobileNetV3 for any size, with the operators HardSwish and HardSigmoid.</summary>
    /// <param name="stem">The channels of the first convolution.</param>
    /// <param name="last">The channels before the classes.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="blocks">What lies between.</param>
    public static byte[] MobileNetV3(int stem, int last, int classes, IReadOnlyList<MobileBlock> blocks)
    {
        var model = new FamilyModel(14, last);
        string x = HardSwish(model, model.Normalized(model.Input(-1, 3, -1, -1), 3, stem, 3, 2));
        int channels = stem;
        foreach (MobileBlock block in blocks)
        {
            string y = block.Wide == channels ? x : Activation(model.Normalized(x, channels, block.Wide, 1));
            y = Activation(model.Normalized(y, block.Wide, block.Wide, block.Kernel, block.Stride, block.Wide));
            if (block.Squeezes)
            {
                int narrow = Divisible(block.Wide / 4);
                string scale = model.Relu(model.Conv(model.Add("GlobalAveragePool", [y]), block.Wide, narrow, 1));
                scale = model.Add("HardSigmoid", [model.Conv(scale, narrow, block.Wide, 1)], ("alpha", 1 / 6f));
                y = model.Add("Mul", [scale, y]);
            }

            y = model.Normalized(y, block.Wide, block.To, 1);
            x = block.Stride == 1 && channels == block.To ? model.Add("Add", [y, x]) : y;
            channels = block.To;

            string Activation(string value) => block.Swishes ? HardSwish(model, value) : model.Relu(value);
        }

        int wide = 6 * channels;
        x = HardSwish(model, model.Normalized(x, channels, wide, 1));
        x = HardSwish(model, model.Gemm(Averaged(model, x), wide, last));
        model.Output(model.Gemm(x, last, classes));
        return model.ToBytes();
    }

    /// <summary>
    /// A ShuffleNetV2: half of the channels pass by, and a Reshape, a Transpose and a Reshape mix the halves.
    /// </summary>
    /// <param name="height">The height.</param>
    /// <param name="width">The width.</param>
    /// <param name="last">The channels of the last convolution.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="stages">Channels and units of every stage.</param>
    public static byte[] ShuffleNetV2(int height, int width, int last, int classes, params (int Channels, int Units)[] stages)
    {
        const int Stem = 24;
        var model = new FamilyModel(13, last);
        string x = model.MaxPool(model.Relu(model.Conv(model.Input(1, 3, height, width), 3, Stem, 3, 2)), 3, 2, 1);
        (height, width) = ((height + 3) / 4, (width + 3) / 4);
        int channels = Stem;
        foreach ((int to, int units) in stages)
        {
            (height, width) = ((height + 1) / 2, (width + 1) / 2);
            int half = to / 2;
            string aside = model.Relu(model.Conv(model.Conv(x, channels, channels, 3, 2, channels), channels, half, 1));
            x = Shuffled(aside, Branch(x, channels, half, 2));
            for (int i = 1; i < units; i++)
            {
                string[] halves = model.Add("Split", 2, [x, model.Integers(half, half)], ("axis", 1));
                x = Shuffled(halves[0], Branch(halves[1], half, half, 1));
            }

            channels = to;
            string Shuffled(string first, string second)
            {
                string parts = model.Reshape(model.Concat(1, first, second), 1, 2, half, height, width);
                return model.Reshape(model.Transpose(parts, 0, 2, 1, 3, 4), 1, to, height, width);
            }
        }

        x = model.Relu(model.Conv(x, channels, last, 1));
        model.Output(model.Gemm(model.Mean(x, false, 2, 3), last, classes));
        return model.ToBytes();

        string Branch(string value, int from, int to, int stride)
        {
            string y = model.Conv(model.Relu(model.Conv(value, from, to, 1)), to, to, 3, stride, to);
            return model.Relu(model.Conv(y, to, to, 1));
        }
    }

    /// <summary>A MobileNet of the first kind for any size, with h-swish for ReLU.</summary>
    /// <param name="stem">The channels of the first convolution.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="blocks">Channels and strides of the blocks.</param>
    public static byte[] MobileNet(int stem, int classes, params (int To, int Stride)[] blocks)
    {
        var model = new FamilyModel(15, stem);
        string x = HardSwish(model, model.Normalized(model.Input(-1, 3, -1, -1), 3, stem, 3, 2));
        int channels = stem;
        foreach ((int to, int stride) in blocks)
        {
            x = HardSwish(model, model.Normalized(x, channels, channels, 3, stride, channels));
            x = HardSwish(model, model.Normalized(x, channels, to, 1));
            channels = to;
        }

        model.Output(model.Add("Softmax", [model.Gemm(Averaged(model, x), channels, classes)], ("axis", 1)));
        return model.ToBytes();
    }

    private static string HardSwish(FamilyModel model, string x) => model.Add("HardSwish", [x]);

    private static string Averaged(FamilyModel model, string x) =>
        model.Add("Flatten", [model.Add("GlobalAveragePool", [x])], ("axis", 1));

    // The nearest multiple of 8 that is not below nine tenths.
    private static int Divisible(int channels)
    {
        int nearest = Math.Max(8, (channels + 4) / 8 * 8);
        return nearest < 0.9 * channels ? nearest + 8 : nearest;
    }
}

namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Nets with parts of transformers: ConvNeXt, and small vision transformers.</summary>
internal static class AttentionNets
{
    /// <summary>A ConvNeXt.</summary>
    /// <param name="opset">The operator set; from 17 on normalisation is an operator, before it is spelled out.</param>
    /// <param name="stages">Channels and blocks of every stage; each but the first halves height and width.</param>
    public static byte[] ConvNeXt(int opset, params (int Channels, int Blocks)[] stages)
    {
        var model = new FamilyModel(opset, opset);
        int channels = stages[0].Channels;
        string x = Last(model.Conv(model.Input(-1, 3, -1, -1), 3, channels, 4, 4, pad: 0));
        foreach ((int to, int blocks) in stages)
        {
            if (to != channels)
                x = model.Conv(Last(x), channels, to, 2, 2, pad: 0);
            channels = to;
            for (int i = 0; i < blocks; i++)
            {
                string y = model.LayerNormalization(model.Transpose(model.Conv(x, channels, channels, 7, groups: channels), 0, 2, 3, 1),
                    channels);
                y = model.Dense(model.Gelu(model.Dense(y, channels, 4 * channels)), 4 * channels, channels);
                y = model.Add("Mul", [model.Initializer(model.Floats([channels])), y]);
                x = model.Add("Add", [x, model.Transpose(y, 0, 3, 1, 2)]);
            }
        }

        x = model.LayerNormalization(model.Add("Flatten", [model.Add("GlobalAveragePool", [x])], ("axis", 1)), channels);
        model.Output(model.Gemm(x, channels, 10));
        return model.ToBytes();

        string Last(string value) => model.Transpose(model.LayerNormalization(model.Transpose(value, 0, 2, 3, 1), channels), 0, 3, 1, 2);
    }

    /// <summary>
    /// A recogniser of lines of text like SVTR: blocks of attention over the positions of an image, whose height is halved between them.
    /// </summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="height">The height.</param>
    /// <param name="width">The width.</param>
    /// <param name="classes">How many letters there are.</param>
    /// <param name="stages">Channels, heads and blocks of every stage.</param>
    public static byte[] Recognizer(int opset, int height, int width, int classes, params (int Channels, int Heads, int Blocks)[] stages)
    {
        var model = new FamilyModel(opset, opset + height);
        int channels = stages[0].Channels;
        string x = model.Gelu(model.Normalized(model.Input(-1, 3, height, width), 3, channels / 2, 3, 2));
        x = model.Gelu(model.Normalized(x, channels / 2, channels, 3, 2));
        (height, width) = (height / 4, width / 4);
        for (int stage = 0; stage < stages.Length; stage++)
        {
            (_, int heads, int blocks) = stages[stage];
            x = model.Transpose(model.Add("Reshape", [x, model.Concat(0, model.SizeOf(x, 0), model.Integers(channels, height * width))]), 0,
                2, 1);
            for (int i = 0; i < blocks; i++)
            {
                x = model.Add("Add", [x, Attention(model, model.LayerNormalization(x, channels), channels, height * width, true, heads)]);
                string y = model.Gelu(model.Dense(model.LayerNormalization(x, channels), channels, 4 * channels));
                x = model.Add("Add", [x, model.Dense(y, 4 * channels, channels)]);
            }

            x = model.Add("Reshape",
                [model.Transpose(x, 0, 2, 1), model.Concat(0, model.SizeOf(x, 0), model.Integers(channels, height, width))]);
            if (stage + 1 == stages.Length)
                break;
            int to = stages[stage + 1].Channels;
            x = model.Add("Conv", [x, model.Weights(9 * channels, to, channels, 3, 3)], ("kernel_shape", new[] { 3, 3 }),
                ("strides", new[] { 2, 1 }), ("pads", new[] { 1, 1, 1, 1 }));
            (channels, height) = (to, (height + 1) / 2);
            x = model.Transpose(model.LayerNormalization(model.Transpose(x, 0, 2, 3, 1), channels), 0, 3, 1, 2);
        }

        x = model.Transpose(model.Add("Squeeze", [model.Mean(x, true, 2), model.Integers(2)]), 0, 2, 1);
        model.Output(model.Add("Softmax", [model.Dense(x, channels, classes)], ("axis", 2)));
        return model.ToBytes();
    }

    /// <summary>A vision transformer for images of 32 by 24.</summary>
    /// <param name="opset">The operator set.</param>
    /// <param name="hasClassToken">Whether a constant stands before the patches of every image; else the patches are averaged.</param>
    /// <param name="packed">Whether queries, keys and values come from one product, as timm has it.</param>
    public static byte[] Vision(int opset, bool hasClassToken, bool packed)
    {
        const int Width = 16;
        var model = new FamilyModel(opset, opset);
        string x = model.Conv(model.Input(-1, 3, 32, 24), 3, Width, 8, 8, pad: 0);
        string samples = model.SizeOf(x, 0);
        x = model.Transpose(model.Add("Reshape", [x, model.Concat(0, samples, model.Integers(Width, -1))]), 0, 2, 1);
        int tokens = 12;
        if (hasClassToken)
        {
            string token = model.Add("Expand",
                [model.Initializer(model.Floats([1, 1, Width])), model.Concat(0, samples, model.Integers(1, Width))]);
            x = model.Concat(1, token, x);
            tokens++;
        }

        x = model.Add("Add", [x, model.Initializer(model.Floats([1, tokens, Width]))]);
        for (int i = 0; i < 2; i++)
        {
            x = model.Add("Add", [x, Attention(model, model.LayerNormalization(x, Width), Width, tokens, packed, 2)]);
            string y = model.Gelu(model.Dense(model.LayerNormalization(x, Width), Width, 2 * Width));
            x = model.Add("Add", [x, model.Dense(y, 2 * Width, Width)]);
        }

        x = model.LayerNormalization(x, Width);
        x = hasClassToken ? model.Add("Gather", [x, model.Constant(FamilyModel.Scalar(0L))], ("axis", 1)) : model.Mean(x, false, 1);
        model.Output(model.Gemm(x, Width, 10));
        return model.ToBytes();
    }

    private static string Attention(FamilyModel model, string x, int width, int tokens, bool packed, int heads)
    {
        string samples = model.SizeOf(x, 0);
        string q, k, v;
        if (packed)
        {
            string all = model.Add("Reshape",
                [model.Dense(x, width, 3 * width), model.Concat(0, samples, model.Integers(tokens, 3, heads, width / heads))]);
            all = model.Transpose(all, 2, 0, 3, 1, 4);
            string[] parts = [.. Enumerable.Range(0, 3)
                .Select(i => model.Add("Gather", [all, model.Constant(FamilyModel.Scalar((long)i))], ("axis", 0)))];
            (q, k, v) = (parts[0], model.Transpose(parts[1], 0, 1, 3, 2), parts[2]);
        }
        else
        {
            (q, k, v) = (Head([0, 2, 1, 3]), Head([0, 2, 3, 1]), Head([0, 2, 1, 3]));
        }

        string scores = model.Add("Div", [model.Add("MatMul", [q, k]), model.Number(MathF.Sqrt((float)width / heads))]);
        string y = model.Transpose(model.Add("MatMul", [model.Add("Softmax", [scores], ("axis", -1)), v]), 0, 2, 1, 3);
        return model.Dense(model.Add("Reshape", [y, model.Concat(0, samples, model.Integers(tokens, width))]), width, width);

        string Head(int[] order) => model.Transpose(model.Add("Reshape",
            [model.Dense(x, width, width), model.Concat(0, samples, model.Integers(-1, heads, width / heads))]), order);
    }
}

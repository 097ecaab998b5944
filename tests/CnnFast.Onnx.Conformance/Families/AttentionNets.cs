namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Nets with parts of transformers: ConvNeXt, and small vision transformers.</summary>
internal static class AttentionNets
{
    /// <summary>A ConvNeXt.</summary>
    /// <param name="opset">The operator set; from 17 on normalisation is an operator, before it is spelled out.</param>
    public static byte[] ConvNeXt(int opset)
    {
        const int Channels = 16;
        var model = new FamilyModel(opset, opset);
        string x = model.Conv(model.Input(-1, 3, -1, -1), 3, Channels, 4, 4, pad: 0);
        x = model.Transpose(Normalized(model, model.Transpose(x, 0, 2, 3, 1), Channels, opset), 0, 3, 1, 2);
        for (int i = 0; i < 2; i++)
        {
            string y = model.Transpose(model.Conv(x, Channels, Channels, 7, groups: Channels), 0, 2, 3, 1);
            y = model.Dense(Gelu(model, model.Dense(Normalized(model, y, Channels, opset), Channels, 4 * Channels)), 4 * Channels, Channels);
            y = model.Add("Mul", [model.Initializer(model.Floats([Channels])), y]);
            x = model.Add("Add", [x, model.Transpose(y, 0, 3, 1, 2)]);
        }

        x = Normalized(model, model.Add("Flatten", [model.Add("GlobalAveragePool", [x])], ("axis", 1)), Channels, opset);
        model.Output(model.Gemm(x, Channels, 10));
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
            string token = model.Add("Expand", [model.Initializer(model.Floats([1, 1, Width])), model.Concat(0, samples, model.Integers(1, Width))]);
            x = model.Concat(1, token, x);
            tokens++;
        }

        x = model.Add("Add", [x, model.Initializer(model.Floats([1, tokens, Width]))]);
        for (int i = 0; i < 2; i++)
        {
            x = model.Add("Add", [x, Attention(model, Normalized(model, x, Width, opset), Width, tokens, packed)]);
            string y = Gelu(model, model.Dense(Normalized(model, x, Width, opset), Width, 2 * Width));
            x = model.Add("Add", [x, model.Dense(y, 2 * Width, Width)]);
        }

        x = Normalized(model, x, Width, opset);
        x = hasClassToken ? model.Add("Gather", [x, model.Constant(FamilyModel.Scalar(0L))], ("axis", 1)) : model.Mean(x, false, 1);
        model.Output(model.Gemm(x, Width, 10));
        return model.ToBytes();
    }

    private static string Attention(FamilyModel model, string x, int width, int tokens, bool packed)
    {
        const int Heads = 2;
        string samples = model.SizeOf(x, 0);
        string q, k, v;
        if (packed)
        {
            string all = model.Add("Reshape", [model.Dense(x, width, 3 * width), model.Concat(0, samples, model.Integers(tokens, 3, Heads, width / Heads))]);
            all = model.Transpose(all, 2, 0, 3, 1, 4);
            string[] parts = [.. Enumerable.Range(0, 3).Select(i => model.Add("Gather", [all, model.Constant(FamilyModel.Scalar((long)i))], ("axis", 0)))];
            (q, k, v) = (parts[0], model.Transpose(parts[1], 0, 1, 3, 2), parts[2]);
        }
        else
        {
            (q, k, v) = (Head([0, 2, 1, 3]), Head([0, 2, 3, 1]), Head([0, 2, 1, 3]));
        }

        string scores = model.Add("Div", [model.Add("MatMul", [q, k]), model.Number(MathF.Sqrt((float)width / Heads))]);
        string y = model.Transpose(model.Add("MatMul", [model.Add("Softmax", [scores], ("axis", -1)), v]), 0, 2, 1, 3);
        return model.Dense(model.Add("Reshape", [y, model.Concat(0, samples, model.Integers(tokens, width))]), width, width);

        string Head(int[] order) => model.Transpose(model.Add("Reshape", [model.Dense(x, width, width), model.Concat(0, samples, model.Integers(-1, Heads, width / Heads))]), order);
    }

    private static string Normalized(FamilyModel model, string x, int width, int opset)
    {
        string scale = model.Initializer(model.Floats([width], 0.7, 1.3));
        string shift = model.Initializer(model.Floats([width], -0.2, 0.2));
        if (opset >= 17)
            return model.Add("LayerNormalization", [x, scale, shift], ("axis", -1), ("epsilon", 1e-6f));
        string centred = model.Add("Sub", [x, model.Mean(x, true, -1)]);
        string variance = model.Mean(model.Add("Pow", [centred, model.Number(2)]), true, -1);
        string deviation = model.Add("Sqrt", [model.Add("Add", [variance, model.Number(1e-6f)])]);
        return model.Add("Add", [model.Add("Mul", [model.Add("Div", [centred, deviation]), scale]), shift]);
    }

    private static string Gelu(FamilyModel model, string x)
    {
        string error = model.Add("Add", [model.Add("Erf", [model.Add("Div", [x, model.Number(MathF.Sqrt(2))])]), model.Number(1)]);
        return model.Add("Mul", [model.Add("Mul", [x, error]), model.Number(0.5f)]);
    }
}

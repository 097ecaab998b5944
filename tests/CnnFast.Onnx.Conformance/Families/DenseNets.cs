namespace CnnFast.Onnx.Conformance.Families;

/// <summary>DenseNets: every layer reads what all layers before it in its block wrote.</summary>
internal static class DenseNets
{
    /// <summary>A DenseNet for any size, as torchvision exports it: convolutions hold the normalisation behind them.</summary>
    /// <param name="stem">The channels before the blocks.</param>
    /// <param name="growth">The channels that a layer adds.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="blocks">The layers of every block.</param>
    public static byte[] Build(int stem, int growth, int classes, params int[] blocks)
    {
        var model = new FamilyModel(17, growth);
        string x = model.MaxPool(model.Relu(model.Conv(model.Input(-1, 3, -1, -1), 3, stem, 7, 2)), 3, 2, 1);
        int channels = stem;
        for (int block = 0; block < blocks.Length; block++)
        {
            List<string> features = [x];
            for (int i = 0; i < blocks[block]; i++)
            {
                string y = features.Count == 1 ? features[0] : model.Concat(1, [.. features]);
                y = model.Relu(model.Conv(model.Relu(model.BatchNormalization(y, channels)), channels, 4 * growth, 1));
                features.Add(model.Conv(y, 4 * growth, growth, 3, bias: false));
                channels += growth;
            }

            x = model.Relu(model.BatchNormalization(model.Concat(1, [.. features]), channels));
            if (block + 1 == blocks.Length)
                break;
            x = model.Add("AveragePool", [model.Conv(x, channels, channels / 2, 1, bias: false)], ("kernel_shape", new[] { 2, 2 }),
                ("strides", new[] { 2, 2 }));
            channels /= 2;
        }

        model.Output(model.Gemm(model.Add("Flatten", [model.Add("GlobalAveragePool", [x])], ("axis", 1)), channels, classes));
        return model.ToBytes();
    }
}

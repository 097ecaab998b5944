using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Layers that scale and shift.</summary>
internal static class NormalizationExport
{
    /// <summary>BatchNormalization where the channels are ONNX's second dimension, else the scale and shift that it amounts to.</summary>
    public static void BatchNormalization(NodeExport node, BatchNormalizationOperation operation)
    {
        bool isImage = node.Output.Rank == 3;
        TensorOrder order = isImage ? TensorOrder.ChannelsFirst : TensorOrder.Natural;
        string input = node.Input(0, order);
        int channels = node.Output[node.Output.Rank - 1];
        if (!isImage && node.Output.Rank != 1)
        {
            double[] scale = new double[channels], shift = new double[channels];
            operation.ScaleAndShift(new ParameterValues(node.Parameters), scale, shift);
            string scaled = node.Emit("Mul", [input, node.Constant("scale", Array.ConvertAll(scale, v => (float)v), channels)]);
            node.Define(node.Emit("Add", [scaled, node.Constant("shift", Array.ConvertAll(shift, v => (float)v), channels)]), order);
            return;
        }

        string[] inputs =
        [
            input,
            node.Constant("gamma", OrAll(node.Parameter("gamma"), 1, channels), channels),
            node.Constant("beta", OrAll(node.Parameter("beta"), 0, channels), channels),
            node.Constant("moving_mean", node.Parameter("moving_mean").ToArray(), channels),
            node.Constant("moving_variance", node.Parameter("moving_variance").ToArray(), channels),
        ];
        node.Define(node.Emit("BatchNormalization", inputs, Attribute.Number("epsilon", operation.Epsilon)), order);
    }

    /// <summary>One scale and one offset for all elements.</summary>
    public static void Rescaling(NodeExport node, RescalingOperation operation)
    {
        TensorOrder order = node.CommonOrder();
        string scaled = node.Emit("Mul", [node.Input(0, order), node.Constant("scale", [operation.Scale])]);
        node.Define(node.Emit("Add", [scaled, node.Constant("offset", [operation.Offset])]), order, node.Value(0).Image);
    }

    private static float[] OrAll(ReadOnlySpan<float> values, float value, int count)
    {
        if (!values.IsEmpty)
            return values.ToArray();
        var all = new float[count];
        Array.Fill(all, value);
        return all;
    }
}

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
        int channels = node.BatchOfOne(0).Dimensions[^1];
        if (node.InputCount > 1)
        {
            Computed(node, operation, input, order, channels);
            return;
        }

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

    // Scale, shift, mean and variance that other nodes compute.
    private static void Computed(NodeExport node, BatchNormalizationOperation operation, string input, TensorOrder order, int channels)
    {
        string Weight(int index) =>
            order == TensorOrder.ChannelsFirst ? node.Reshape(node.Natural(index + 1), channels, 1, 1) : node.Natural(index + 1);
        string variance = node.Emit("Add", [Weight(operation.VarianceIndex), node.Constant("epsilon", [operation.Epsilon])]);
        string result = node.Emit("Div", [node.Emit("Sub", [input, Weight(operation.MeanIndex)]), node.Emit("Sqrt", [variance])]);
        if (operation.UseScale)
            result = node.Emit("Mul", [result, Weight(operation.GammaIndex)]);
        if (operation.UseOffset)
            result = node.Emit("Add", [result, Weight(operation.BetaIndex)]);
        node.Define(result, order, node.Value(0).Image);
    }

    /// <summary>A scale and a shift of every channel, which other nodes may compute.</summary>
    public static void ChannelAffine(NodeExport node)
    {
        TensorOrder order = node.Output.Rank == 3 && node.Value(0).Order == TensorOrder.ChannelsFirst
            ? TensorOrder.ChannelsFirst
            : TensorOrder.Natural;
        int channels = node.BatchOfOne(0).Dimensions[^1];
        int[] dimensions = order == TensorOrder.ChannelsFirst ? [channels, 1, 1] : [channels];
        string Weight(int index, string role) => node.InputCount == 1
            ? node.Constant(role, node.Parameter(role).ToArray(), dimensions)
            : order == TensorOrder.ChannelsFirst ? node.Reshape(node.Natural(index), dimensions) : node.Natural(index);
        string scaled = node.Emit("Mul", [node.Input(0, order), Weight(1, "scale")]);
        node.Define(node.Emit("Add", [scaled, Weight(2, "shift")]), order);
    }

    /// <summary>Mean 0 and deviation 1 over groups of <c>[N, S, G, K]</c>, or the numbers of each group.</summary>
    public static void Normalize(NodeExport node, NormalizeOperation operation)
    {
        Shape x = node.BatchOfOne(0);
        string input = node.Natural(0);
        string mean = node.Reduce("ReduceMean", input, 1, 3);
        string result = mean;
        if (operation.Result != NormalizeResult.Mean)
        {
            string centred = node.Emit("Sub", [input, mean]);
            result = node.Reduce("ReduceMean", node.Emit("Mul", [centred, centred]), 1, 3);
            if (operation.Result != NormalizeResult.Variance)
            {
                string deviation = node.Emit("Sqrt", [node.Emit("Add", [result, node.Constant("epsilon", [operation.Epsilon])])]);
                if (operation.Added != 0)
                    deviation = node.Emit("Add", [deviation, node.Constant("added", [operation.Added])]);
                result = operation.Result == NormalizeResult.Elements
                    ? node.Emit("Div", [centred, deviation])
                    : node.Emit("Reciprocal", [deviation]);
            }
        }

        if (operation.Result != NormalizeResult.Elements)
        {
            node.Define(node.Reshape(result, 0, x[2]), TensorOrder.Natural);
            return;
        }

        for (int i = 1; i < node.InputCount; i++)
        {
            int[] dimensions = node.BatchOfOne(i).ElementCount == x[3] ? [1, 1, 1, x[3]] : [1, 1, x[2], x[3]];
            result = node.Emit(i == 1 ? "Mul" : "Add", [result, node.Reshape(node.Natural(i), dimensions)]);
        }

        node.Define(result, TensorOrder.Natural);
    }

    /// <summary>Normalisation over neighbouring channels, of anything but images as images of one column.</summary>
    public static void LocalResponse(NodeExport node, LocalResponseOperation operation)
    {
        bool isImage = node.Output.Rank == 3;
        int channels = node.BatchOfOne(0).Dimensions[^1];
        string input = isImage
            ? node.Input(0, TensorOrder.ChannelsFirst)
            : node.Transpose(node.Reshape(node.Natural(0), 1, -1, 1, channels), 0, 3, 1, 2);
        string result = node.Emit(
            "LRN",
            [input],
            Attribute.Integer("size", operation.Size),
            Attribute.Number("alpha", operation.Alpha),
            Attribute.Number("beta", operation.Beta),
            Attribute.Number("bias", operation.Bias));
        if (!isImage)
            result = node.Reshape(node.Transpose(result, 0, 2, 3, 1),
                node.WholeOutput is { } whole ? whole.Dimensions.ToArray() : [-1, .. node.Output.Dimensions.ToArray()]);
        node.Define(result, isImage ? TensorOrder.ChannelsFirst : TensorOrder.Natural);
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

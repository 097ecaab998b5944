using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Normalisation of each sample on its own.</summary>
internal static class GroupNormalizationExport
{
    /// <summary>LayerNormalization.</summary>
    public static void Layer(NodeExport node, LayerNormalizationOperation operation)
    {
        Shape x = node.BatchOfOne(0);
        int[] numbers = operation.NumbersOf(node.Name, x).Dimensions.ToArray();
        var inputs = new List<string> { node.Natural(0), node.Constant("gamma", Values(node, "gamma", 1, numbers), numbers) };
        if (operation.UseOffset)
            inputs.Add(node.Constant("beta", Values(node, "beta", 0, numbers), numbers));
        string result = node.Emit("LayerNormalization", inputs, Attribute.Integer("axis", -numbers.Length),
            Attribute.Number("epsilon", operation.Epsilon));
        node.Define(result, TensorOrder.Natural);
    }

    /// <summary>
    /// InstanceNormalization: of channels as they are, of groups with their channels in one row, which are scaled afterwards, as
    /// GroupNormalization has a scale a channel from operator set 21 on only.
    /// </summary>
    public static void Groups(NodeExport node, ChannelGroupNormalizationOperation operation)
    {
        Shape x = node.BatchOfOne(0);
        int channels = x[x.Rank - 1], groups = operation.GroupsOf(channels);
        bool isImage = x.Rank == 4;
        int[] pixels = x.Dimensions[1..^1].ToArray();
        string first = isImage ? node.Input(0, TensorOrder.ChannelsFirst) : x.Rank == 2 ? node.Natural(0) : ChannelsSecond(node, x.Rank);
        string result = operation is InstanceNormalizationOperation
            ? Normalize(node, operation, first, "", Values(node, "gamma", 1, channels), Values(node, "beta", 0, channels))
            : Grouped(node, operation, first, channels, groups, pixels);
        if (isImage || x.Rank == 2)
            node.Define(result, isImage ? TensorOrder.ChannelsFirst : TensorOrder.Natural);
        else
            node.Define(node.Transpose(result, [0, .. Enumerable.Range(2, x.Rank - 2), 1]), TensorOrder.Natural);
    }

    private static string Grouped(NodeExport node, ChannelGroupNormalizationOperation operation, string first, int channels, int groups,
        int[] pixels)
    {
        var ones = new float[groups];
        Array.Fill(ones, 1f);
        string rows = node.Emit("Reshape", [first, node.Integers("groups", [0, groups, -1])]);
        string normal = Normalize(node, operation, rows, "group_", ones, new float[groups]);
        string result = node.Emit("Reshape", [normal, node.Integers("shape", [0, channels, .. pixels])]);
        int[] numbers = [channels, .. pixels.Select(_ => 1)];
        if (operation.UseScale)
            result = node.Emit("Mul", [result, node.Constant("gamma", node.Parameter("gamma").ToArray(), numbers)]);
        if (operation.UseOffset)
            result = node.Emit("Add", [result, node.Constant("beta", node.Parameter("beta").ToArray(), numbers)]);
        return result;
    }

    private static string Normalize(NodeExport node, SampleNormalizationOperation operation, string x, string prefix, float[] scales,
        float[] offsets) => node.Emit(
            "InstanceNormalization",
            [x, node.Constant($"{prefix}gamma", scales, scales.Length), node.Constant($"{prefix}beta", offsets, offsets.Length)],
            Attribute.Number("epsilon", operation.Epsilon));

    private static string ChannelsSecond(NodeExport node, int rank) =>
        node.Transpose(node.Natural(0), [0, rank - 1, .. Enumerable.Range(1, rank - 2)]);

    private static float[] Values(NodeExport node, string role, float otherwise, params int[] numbers)
    {
        ReadOnlySpan<float> values = node.Parameter(role);
        if (!values.IsEmpty)
            return values.ToArray();
        var all = new float[numbers.Aggregate(1, (product, count) => product * count)];
        Array.Fill(all, otherwise);
        return all;
    }
}

using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>Normalisations.</summary>
internal static class NormalizationImport
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("BatchNormalization", BatchNormalization),
    ];

    private static void BatchNormalization(NodeImport node)
    {
        Value x = node.Input(0);
        float epsilon = node.Float("epsilon", 1e-5f);
        float momentum = node.Float("momentum", 0.9f);
        if (node.Opset < 7 && !node.Flag("is_test", false))
            throw node.Unsupported("the attribute is_test is 0: normalisation of training is not supported at this operator set");
        if (node.Flag("training_mode", false) || node.Int("spatial", 1) != 1)
            throw node.Unsupported("the attribute training_mode or spatial is not supported");
        int channels = x.Rank > 1 ? x.Dimensions[1] : 1;
        Value[] numbers = [.. Enumerable.Range(1, 4).Select(node.Input)];
        foreach (Value value in numbers)
        {
            if (value.Rank != 1 || value.Dimensions[0] != channels)
                throw node.Damaged($"scale, bias, mean or variance is [{string.Join(", ", value.Dimensions)}]; expected [{channels}]");
        }

        int[] order = x.Rank > 1 ? GraphImport.ChannelsLast(x.Rank) : [0];
        Tensor tensor = x.Rank > 1 ? node.Graph.As(x, order) : node.Graph.View(node.Graph.Standard(x), new Shape(x.Dimensions[0], 1));
        Tensor y = WithWeights(node, new BatchNormalizationOperation(epsilon, Math.Clamp(momentum, 0, 0.999f), true, true), tensor, [.. numbers.Select(node.Graph.Standard)]);
        node.Set(0, node.Graph.ToValue(node.Graph.View(y, tensor.Shape), x.Dimensions, order));
    }

    private static Tensor WithWeights(NodeImport node, Operation operation, Tensor x, Tensor[] weights) => weights.All(weight => weight.Constant is not null)
        ? node.Graph.EmitWith(operation, [x], [.. weights.Select(Weight.Of)])
        : node.Graph.Emit(new RuntimeWeightsOperation(operation), [x, .. weights]);
}

using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Fully connected layers.</summary>
internal static class DenseExport
{
    /// <summary>A Gemm; behind a flattened image its filter has its rows in the order of the row that it reads.</summary>
    public static void Dense(NodeExport node, DenseOperation operation)
    {
        ExportedValue input = node.Value(0);
        int features = node.InputShape(0)[0];
        ReadOnlySpan<float> filter = node.Parameter("filter");
        if (node.InputCount > 1)
        {
            string product = node.Emit("Gemm", [node.Natural(0), .. Enumerable.Range(1, node.InputCount - 1).Select(node.Natural)]);
            node.Define(ActivationExport.Apply(node, product, operation.Activation), TensorOrder.Natural);
            return;
        }

        float[] values = input.Order == TensorOrder.ChannelsFirst
            ? ToChannelsFirst(filter, input.Image!.Value, operation.Units)
            : filter.ToArray();
        var inputs = new List<string> { node.Input(0, input.Order), node.Constant("filter", values, features, operation.Units) };
        if (operation.UseBias)
            inputs.Add(node.Constant("bias", node.Parameter("bias").ToArray(), operation.Units));
        node.Define(ActivationExport.Apply(node, node.Emit("Gemm", inputs), operation.Activation), TensorOrder.Natural);
    }

    private static float[] ToChannelsFirst(ReadOnlySpan<float> filter, Shape image, int units)
    {
        int pixels = image[0] * image[1], channels = image[2];
        var rows = new float[filter.Length];
        for (int c = 0; c < channels; c++)
        {
            for (int p = 0; p < pixels; p++)
                filter.Slice(((p * channels) + c) * units, units).CopyTo(rows.AsSpan(((c * pixels) + p) * units));
        }

        return rows;
    }
}

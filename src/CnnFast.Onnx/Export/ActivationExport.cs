namespace CnnFast.Onnx.Export;

/// <summary>Activations, as layers of their own and fused into others.</summary>
internal static class ActivationExport
{
    /// <summary>A layer that is one ONNX operator on every element.</summary>
    public static void Elementwise(NodeExport node, string kind)
    {
        TensorOrder order = node.CommonOrder();
        node.Define(node.Emit(kind, [node.Input(0, order)]), order, node.Value(0).Image);
    }

    /// <summary>Softmax over the channels, or over a row whatever its order.</summary>
    public static void Softmax(NodeExport node)
    {
        TensorOrder order = node.CommonOrder();
        int axis = order == TensorOrder.ChannelsFirst ? 1 : -1;
        node.Define(node.Emit("Softmax", [node.Input(0, order)], Attribute.Integer("axis", axis)), order, node.Value(0).Image);
    }

    /// <summary>The activation that a layer applies to what it computed.</summary>
    public static string Fused(NodeExport node, string tensor, Activation activation) => activation switch
    {
        Activation.None => tensor,
        Activation.ReLU => node.Emit("Relu", [tensor]),
        _ => throw new NotSupportedException($"OnnxModel.Export: {node.Who}: the activation {activation} has no ONNX form here; nothing was written."),
    };
}

using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Activations, as layers of their own and fused into others.</summary>
internal static class ActivationExport
{
    /// <summary>An activation as a layer.</summary>
    public static void Layer(NodeExport node, Activation activation)
    {
        TensorOrder order = node.CommonOrder();
        node.Define(Fused(node, node.Input(0, order), activation), order, node.Value(0).Image);
    }

    public static void LeakyReLU(NodeExport node, LeakyReLUOperation operation)
    {
        TensorOrder order = node.CommonOrder();
        node.Define(node.Emit("LeakyRelu", [node.Input(0, order)], Attribute.Number("alpha", operation.NegativeSlope)), order, node.Value(0).Image);
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
        Activation.ReLU6 => node.Emit("Clip", [tensor, node.Constant("least", [0f]), node.Constant("most", [6f])]),
        Activation.SiLU => node.Emit("Mul", [tensor, node.Emit("Sigmoid", [tensor])]),
        Activation.HardSwish => node.Emit("HardSwish", [tensor]),
        Activation.Sigmoid => node.Emit("Sigmoid", [tensor]),
        Activation.Tanh => node.Emit("Tanh", [tensor]),
        _ => throw new NotSupportedException($"OnnxModel.Export: {node.Who}: the activation {activation} has no ONNX form here; nothing was written."),
    };
}

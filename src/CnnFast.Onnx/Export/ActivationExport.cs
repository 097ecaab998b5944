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

    /// <summary>x above 0, a slope times x below.</summary>
    public static void LeakyReLU(NodeExport node, LeakyReLUOperation operation)
    {
        TensorOrder order = node.CommonOrder();
        node.Define(node.Emit("LeakyRelu", [node.Input(0, order)], Attribute.Number("alpha", operation.NegativeSlope)), order, node.Value(0).Image);
    }

    /// <summary>Bounds; those that are infinite are left out.</summary>
    public static void Clip(NodeExport node, float minimum, float maximum)
    {
        TensorOrder order = node.CommonOrder();
        node.Define(Bounded(node, node.Input(0, order), minimum, maximum), order, node.Value(0).Image);
    }

    /// <summary>The same with a least value.</summary>
    public static void FlooredLeakyReLU(NodeExport node, FlooredLeakyReLUOperation operation)
    {
        TensorOrder order = node.CommonOrder();
        string leaky = node.Emit("LeakyRelu", [node.Input(0, order)], Attribute.Number("alpha", operation.NegativeSlope));
        node.Define(Bounded(node, leaky, operation.Floor, float.PositiveInfinity), order, node.Value(0).Image);
    }

    /// <summary>max(0, min(1, alpha·x + beta)).</summary>
    public static void HardSigmoid(NodeExport node, HardSigmoidOperation operation)
    {
        TensorOrder order = node.CommonOrder();
        node.Define(node.Emit("HardSigmoid", [node.Input(0, order)], Attribute.Number("alpha", operation.Alpha), Attribute.Number("beta", operation.Beta)), order, node.Value(0).Image);
    }

    /// <summary>Softmax, or its logarithm, over the channels, or over a row whatever its order.</summary>
    public static void Softmax(NodeExport node, string kind = "Softmax")
    {
        TensorOrder order = node.CommonOrder();
        int axis = order == TensorOrder.ChannelsFirst ? 1 : -1;
        node.Define(node.Emit(kind, [node.Input(0, order)], Attribute.Integer("axis", axis)), order, node.Value(0).Image);
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

    private static string Bounded(NodeExport node, string tensor, float minimum, float maximum)
    {
        var inputs = new List<string> { tensor, float.IsNegativeInfinity(minimum) ? "" : node.Constant("least", [minimum]) };
        if (!float.IsPositiveInfinity(maximum))
            inputs.Add(node.Constant("most", [maximum]));
        return node.Emit("Clip", inputs);
    }
}

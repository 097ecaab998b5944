using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Onnx.Export;

/// <summary>Functions of single elements, as layers of their own and fused into others, and Softmax.</summary>
internal static class ActivationExport
{
    private const int GeluOpset = 20;
    private const int MishOpset = 18;

    private static readonly Dictionary<ElementFunction, Func<NodeExport, string, Epilogue, string>> Writers = new()
    {
        [ElementFunctions.ReLU] = (node, x, _) => node.Emit("Relu", [x]),
        [ElementFunctions.ReLU6] = (node, x, _) => Bounded(node, x, 0, 6),
        [ElementFunctions.Clip] = (node, x, clip) => Bounded(node, x, clip.Alpha, clip.Beta),
        [ElementFunctions.LeakyReLU] = LeakyReLU,
        [ElementFunctions.FlooredLeakyReLU] = (node, x, floored) =>
            Bounded(node, LeakyReLU(node, x, floored), floored.Beta, float.PositiveInfinity),
        [ElementFunctions.SiLU] = (node, x, _) => node.Emit("Mul", [x, node.Emit("Sigmoid", [x])]),
        [ElementFunctions.HardSwish] = (node, x, _) => node.Emit("HardSwish", [x]),
        [ElementFunctions.Sigmoid] = (node, x, _) => node.Emit("Sigmoid", [x]),
        [ElementFunctions.HardSigmoid] = HardSigmoid,
        [ElementFunctions.Tanh] = (node, x, _) => node.Emit("Tanh", [x]),
        [ElementFunctions.ErrorFunction] = (node, x, _) => node.Emit("Erf", [x]),
        [ElementFunctions.GELU] = (node, x, _) => GELU(node, x),
        [ElementFunctions.GELUTanh] = (node, x, _) => GELUTanh(node, x),
        [ElementFunctions.ELU] = (node, x, elu) => node.Emit("Elu", [x], Attribute.Number("alpha", elu.Alpha)),
        [ElementFunctions.Softplus] = (node, x, _) => node.Emit("Softplus", [x]),
        [ElementFunctions.Mish] = Mish,
    };

    /// <summary>A function as a layer.</summary>
    public static void Layer(NodeExport node, FunctionOperation operation)
    {
        TensorOrder order = node.CommonOrder();
        node.Define(Apply(node, node.Input(0, order), operation.Epilogue), order, node.Value(0).Image);
    }

    /// <summary>The function that a layer applies to what it computed.</summary>
    public static string Apply(NodeExport node, string x, Epilogue epilogue)
    {
        if (epilogue.Function is not { } function)
            return x;
        return Writers.TryGetValue(function, out Func<NodeExport, string, Epilogue, string>? write)
            ? write(node, x, epilogue)
            : throw new NotSupportedException(
                $"OnnxModel.Export: {node.Who}: the activation {function} has no ONNX form here; nothing was written.");
    }

    /// <summary>A slope a channel, as it goes into the input's dimensions.</summary>
    public static void PReLU(NodeExport node)
    {
        TensorOrder order = node.Output.Rank == 3 && node.Value(0).Order == TensorOrder.ChannelsFirst
            ? TensorOrder.ChannelsFirst
            : TensorOrder.Natural;
        ReadOnlySpan<float> slope = node.Parameter("slope");
        int[] dimensions = order == TensorOrder.ChannelsFirst ? [slope.Length, 1, 1] : [slope.Length];
        node.Define(node.Emit("PRelu", [node.Input(0, order), node.Constant("slope", slope.ToArray(), dimensions)]), order);
    }

    /// <summary>Softmax, or its logarithm, over the channels, or over a row whatever its order.</summary>
    public static void Softmax(NodeExport node, string kind = "Softmax")
    {
        TensorOrder order = node.CommonOrder();
        int axis = order == TensorOrder.ChannelsFirst ? 1 : -1;
        node.Define(node.Emit(kind, [node.Input(0, order)], Attribute.Integer("axis", axis)), order, node.Value(0).Image);
    }

    private static string LeakyReLU(NodeExport node, string x, Epilogue leaky) =>
        node.Emit("LeakyRelu", [x], Attribute.Number("alpha", leaky.Alpha));

    private static string HardSigmoid(NodeExport node, string x, Epilogue hard) =>
        node.Emit("HardSigmoid", [x], Attribute.Number("alpha", hard.Alpha), Attribute.Number("beta", hard.Beta));

    // Bounds that are infinite are left out.
    private static string Bounded(NodeExport node, string x, float minimum, float maximum)
    {
        var inputs = new List<string> { x, float.IsNegativeInfinity(minimum) ? "" : node.Constant("least", [minimum]) };
        if (!float.IsPositiveInfinity(maximum))
            inputs.Add(node.Constant("most", [maximum]));
        return node.Emit("Clip", inputs);
    }

    private static string Mish(NodeExport node, string x, Epilogue mish) =>
        node.Opset >= MishOpset ? node.Emit("Mish", [x]) : node.Emit("Mul", [x, node.Emit("Tanh", [node.Emit("Softplus", [x])])]);

    // x · (1 + erf(x / √2)) / 2.
    private static string GELU(NodeExport node, string x) => node.Opset >= GeluOpset
        ? node.Emit("Gelu", [x])
        : Half(node, x, node.Emit("Erf", [node.Emit("Mul", [x, node.Constant("root", [(float)Math.Sqrt(0.5)])])]));

    // x · (1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2.
    private static string GELUTanh(NodeExport node, string x)
    {
        if (node.Opset >= GeluOpset)
            return node.Emit("Gelu", [x], Attribute.Text("approximate", "tanh"));
        string square = node.Emit("Mul", [x, x]);
        string inner = node.Emit("Add", [node.Emit("Mul", [square, node.Constant("cubic", [0.044715f])]), node.Constant("linear", [1f])]);
        string scaled = node.Emit("Mul", [node.Emit("Mul", [x, inner]), node.Constant("root", [(float)Math.Sqrt(2 / Math.PI)])]);
        return Half(node, x, node.Emit("Tanh", [scaled]));
    }

    private static string Half(NodeExport node, string x, string function) =>
        node.Emit("Mul", [node.Emit("Mul", [x, node.Constant("half", [0.5f])]), node.Emit("Add", [function, node.Constant("one", [1f])])]);
}

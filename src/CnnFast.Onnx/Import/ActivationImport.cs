using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Onnx.Import;

/// <summary>Functions of single elements that networks use between layers, and Softmax.</summary>
internal static class ActivationImport
{
    private const float SeluAlpha = 1.67326319217681884765625f;
    private const float SeluGamma = 1.05070102214813232421875f;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("Relu", node => Apply(node, new FunctionOperation(Activation.ReLU))),
        new("Sigmoid", node => Apply(node, new FunctionOperation(Activation.Sigmoid))),
        new("Tanh", node => Apply(node, new FunctionOperation(Activation.Tanh))),
        new("HardSwish", node => Apply(node, new FunctionOperation(Activation.HardSwish)), 14),
        new("LeakyRelu", node => Apply(node, new FunctionOperation(ElementFunctions.LeakyReLU, node.Float("alpha", 0.01f)))),
        new("PRelu", PRelu),
        new("Clip", Clip),
        new("Elu", node => Apply(node, new FunctionOperation(ElementFunctions.ELU, node.Float("alpha", 1)))),
        new("Selu", node => Apply(node, new UnaryOperation(UnaryFunction.SELU, node.Float("alpha", node.Opset < 6 ? 1.6732f : SeluAlpha),
            node.Float("gamma", node.Opset < 6 ? 1.0507f : SeluGamma)))),
        new("Celu", node => Apply(node, new UnaryOperation(UnaryFunction.CELU, node.Float("alpha", 1))), 12),
        new("Softplus", node => Apply(node, new FunctionOperation(ElementFunctions.Softplus))),
        new("Softsign", node => Apply(node, new UnaryOperation(UnaryFunction.Softsign))),
        new("HardSigmoid",
            node => Apply(node, new FunctionOperation(ElementFunctions.HardSigmoid, node.Float("alpha", 0.2f), node.Float("beta", 0.5f)))),
        new("ThresholdedRelu", node => Apply(node, new UnaryOperation(UnaryFunction.ThresholdedReLU, node.Float("alpha", 1))), 10),
        new("Gelu", Gelu, 20),
        new("Mish", node => Apply(node, new FunctionOperation(ElementFunctions.Mish)), 18),
        new("Shrink", node => Apply(node, new UnaryOperation(UnaryFunction.Shrink, node.Float("lambd", 0.5f), node.Float("bias", 0))), 9),
        new("Softmax", node => Softmax(node, logarithm: false)),
        new("LogSoftmax", node => Softmax(node, logarithm: true)),
    ];

    /// <summary>A function of every element, in whatever layout the input has.</summary>
    public static void Apply(NodeImport node, Operation operation) => node.Set(Apply(node.Graph, node.Input(0), operation));

    /// <summary>A function of every element, in whatever layout the value has.</summary>
    public static ImportedValue Apply(GraphImport graph, ImportedValue x, Operation operation)
    {
        if (x.Count == 0)
            return GraphImport.Empty(operation.InferType(graph.NodeName, [x.Type]), x.Dimensions);
        return x.Info is null || operation is not (FunctionOperation or UnaryOperation or CastOperation or RescalingOperation)
            ? graph.ToValue(graph.Emit(operation, graph.Standard(x)), x.Dimensions)
            : GraphImport.Like(x, graph.Emit(operation, graph.InMemoryOrder(x)));
    }

    private static void Gelu(NodeImport node)
    {
        bool byTanh = node.Choice("approximate", "none", "none", "tanh") == "tanh";
        Apply(node, new FunctionOperation(byTanh ? ElementFunctions.GELUTanh : ElementFunctions.GELU));
    }

    // Before operator set 7 a slope of one dimension is one of each channel.
    private static void PRelu(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        ImportedValue slope = node.Input(1);
        if (node.Opset < 7 && slope.Rank == 1 && slope.Count > 1 && x.Rank > 2)
            slope = ShapeImport.WithDimensions(node.Graph, slope, [slope.Dimensions[0], .. Enumerable.Repeat(1, x.Rank - 2)]);
        node.Set(ChannelSlopes(node, x, slope)
            ?? ElementwiseImport.Binary(node, BinaryFunction.ParametricReLU, x, slope, broadcastFirst: false));
    }

    // Constant slopes, one a channel that lies last in memory, which can be trained; null where they are something else.
    private static ImportedValue? ChannelSlopes(NodeImport node, ImportedValue x, ImportedValue slope)
    {
        if (x.IsConstant || x.Type != ElementType.Float32 || x.Count == 0 || x.Rank < 2)
            return null;
        if (!slope.IsConstant || slope.DependsOnShape || slope.Type != x.Type || slope.Rank > x.Rank)
            return null;
        int[] order = GraphImport.OrderOf(x);
        int own = order[^1] - (x.Rank - slope.Rank);
        if (own < 0 || slope.Dimensions[own] != x.Dimensions[order[^1]] || slope.Count != slope.Dimensions[own])
            return null;
        Weight[] weights = [Weight.Of(slope.Constant.Values<float>().ToArray(), false)];
        return node.Graph.ToValue(node.Graph.EmitWith(new PReLUOperation(), [node.Graph.As(x, order)], weights), x.Dimensions, order);
    }

    private static void Clip(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        if (node.Opset < 11)
        {
            Apply(node, Between(node.Float("min", float.NegativeInfinity), node.Float("max", float.PositiveInfinity)));
            return;
        }

        ImportedValue? min = node.Optional(1);
        ImportedValue? max = node.Optional(2);
        if (x.Type == ElementType.Float32 && min is null or { IsConstant: true } && max is null or { IsConstant: true })
        {
            Apply(node, Between(node.FloatsOf(1)?[0] ?? float.NegativeInfinity, node.FloatsOf(2)?[0] ?? float.PositiveInfinity));
            return;
        }

        if (min is not null)
            x = ElementwiseImport.Binary(node, BinaryFunction.Maximum, x, min);
        if (max is not null)
            x = ElementwiseImport.Binary(node, BinaryFunction.Minimum, x, max);
        node.Set(x);
    }

    // Bounds of activations that have a name are those.
    private static FunctionOperation Between(float min, float max) => (min, max) switch
    {
        (0, 6) => new FunctionOperation(Activation.ReLU6),
        (0, float.PositiveInfinity) => new FunctionOperation(Activation.ReLU),
        _ => new FunctionOperation(ElementFunctions.Clip, min, max),
    };

    // Before operator set 13 the dimensions from the axis on are one.
    private static void Softmax(NodeImport node, bool logarithm)
    {
        ImportedValue x = node.Input(0);
        bool isOld = node.Opset < 13;
        int axis = node.Axis(node.Int("axis", isOld ? 1 : -1), Math.Max(1, x.Rank));
        if (x.Count == 0)
        {
            node.Set(GraphImport.Empty(x.Type, x.Dimensions));
            return;
        }

        int[] order = GraphImport.OrderOf(x);
        bool isLast = x.Rank > 0 && order[^1] == axis && (!isOld || x.Dimensions.Skip(axis + 1).All(dimension => dimension == 1));
        if (!isLast)
            order = isOld
                ? GraphImport.Identity(x.Rank)
                : [.. GraphImport.Identity(x.Rank).Where(i => i != axis), .. x.Rank > 0 ? [axis] : Array.Empty<int>()];
        GraphTensor tensor = node.Graph.As(x, order);
        Shape shape = tensor.Shape;
        if (isOld && !isLast)
            tensor = node.Graph.View(tensor, Rows(x.Dimensions, axis));
        else if (shape.Rank == 1)
            tensor = node.Graph.View(tensor, new Shape(1, shape[0]));
        GraphTensor y = node.Graph.Emit(logarithm ? new LogSoftmaxOperation() : new SoftmaxOperation(), tensor);
        node.Set(0, node.Graph.ToValue(node.Graph.View(y, shape), x.Dimensions, order));
    }

    private static Shape Rows(int[] dimensions, int axis) =>
        new(dimensions.Take(axis).Aggregate(1, (product, dimension) => product * dimension),
            dimensions.Skip(axis).Aggregate(1, (product, dimension) => product * dimension));
}

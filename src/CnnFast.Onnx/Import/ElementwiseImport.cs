using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Onnx.Import;

/// <summary>Arithmetic, comparisons and logic on elements, with broadcasting, and functions of single ones.</summary>
internal static class ElementwiseImport
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("Add", node => Fold(node, BinaryFunction.Add)),
        new("Sub", node => Fold(node, BinaryFunction.Subtract)),
        new("Mul", node => Fold(node, BinaryFunction.Multiply)),
        new("Div", node => Fold(node, BinaryFunction.Divide)),
        new("Max", node => Fold(node, BinaryFunction.Maximum)),
        new("Min", node => Fold(node, BinaryFunction.Minimum)),
        new("Sum", node => Fold(node, BinaryFunction.Add)),
        new("Mean", Mean),
        new("Pow", Power),
        new("Mod", node => Fold(node, node.Flag("fmod", false) ? BinaryFunction.Remainder : BinaryFunction.Modulo), 10),
        new("Equal", node => Fold(node, BinaryFunction.Equal)),
        new("Greater", node => Fold(node, BinaryFunction.Greater)),
        new("GreaterOrEqual", node => Fold(node, BinaryFunction.GreaterOrEqual), 12),
        new("Less", node => Fold(node, BinaryFunction.Less)),
        new("LessOrEqual", node => Fold(node, BinaryFunction.LessOrEqual), 12),
        new("And", node => Fold(node, BinaryFunction.And)),
        new("Or", node => Fold(node, BinaryFunction.Or)),
        new("Xor", node => Fold(node, BinaryFunction.ExclusiveOr)),
        Unary("Sqrt", UnaryFunction.SquareRoot),
        Unary("Exp", UnaryFunction.Exponential),
        Unary("Log", UnaryFunction.Logarithm),
        Unary("Abs", UnaryFunction.Absolute),
        Unary("Neg", UnaryFunction.Negate),
        Unary("Reciprocal", UnaryFunction.Reciprocal),
        new("Erf", node => ActivationImport.Apply(node, new FunctionOperation(ElementFunctions.ErrorFunction)), 9),
        Unary("Floor", UnaryFunction.Floor),
        Unary("Ceil", UnaryFunction.Ceiling),
        Unary("Round", UnaryFunction.Round, 11),
        Unary("Sign", UnaryFunction.Sign, 9),
        Unary("Sin", UnaryFunction.Sine),
        Unary("Cos", UnaryFunction.Cosine),
        Unary("Tan", UnaryFunction.Tangent),
        Unary("Asin", UnaryFunction.ArcSine),
        Unary("Acos", UnaryFunction.ArcCosine),
        Unary("Atan", UnaryFunction.ArcTangent),
        Unary("Sinh", UnaryFunction.HyperbolicSine, 9),
        Unary("Cosh", UnaryFunction.HyperbolicCosine, 9),
        Unary("Asinh", UnaryFunction.ArcHyperbolicSine, 9),
        Unary("Acosh", UnaryFunction.ArcHyperbolicCosine, 9),
        Unary("Atanh", UnaryFunction.ArcHyperbolicTangent, 9),
        Unary("Not", UnaryFunction.Not),
        Unary("IsNaN", UnaryFunction.IsNaN, 9),
        new("IsInf", node => ActivationImport.Apply(node,
            new UnaryOperation(UnaryFunction.IsInfinite, node.Int("detect_negative", 1), node.Int("detect_positive", 1))), 10),
    ];

    /// <summary>A function of two values whose dimensions go together.</summary>
    /// <param name="node">The node.</param>
    /// <param name="function">The function.</param>
    /// <param name="a">The first value.</param>
    /// <param name="b">The second value.</param>
    /// <param name="broadcastFirst">Whether the first value may be repeated too.</param>
    public static ImportedValue Binary(NodeImport node, BinaryFunction function, ImportedValue a, ImportedValue b,
        bool broadcastFirst = true)
    {
        if (a.Type != b.Type)
            throw node.Damaged($"the inputs are of {a.Type} and {b.Type}; expected one type");
        int[] dimensions = Broadcast(node, a, b);
        if (!broadcastFirst && !dimensions.SequenceEqual(a.Dimensions))
            throw node.Damaged($"the inputs are [{string.Join(", ", a.Dimensions)}] and [{string.Join(", ", b.Dimensions)}]; " +
                "expected a second one that goes into the first");
        var operation = new BinaryOperation(function);
        if (dimensions.Contains(0))
            return GraphImport.Empty(operation.InferType(node.Who, [a.Type, b.Type]), dimensions);
        if (Affine(function, a, b, dimensions) is { } affine)
            return ActivationImport.Apply(node.Graph, affine.Value, affine.Operation);
        if (ChannelAffine(node, function, a, b, dimensions) is { } scaled)
            return scaled;

        // In the layout of the operand that has all dimensions, or of the one that is no constant.
        ImportedValue leader = Leads(a, dimensions) && (!Leads(b, dimensions) || b.Layout?.Order() is null || IsOrdered(b) || !IsOrdered(a))
            ? a
            : b;
        if (leader.IsConstant)
            leader = leader == a ? b : a;
        int[] order = Extended(GraphImport.OrderOf(leader), leader.Rank, dimensions.Length);
        GraphTensor left = InOrder(node.Graph, a, order);
        GraphTensor right = InOrder(node.Graph, b, order);
        GraphTensor y = node.Graph.Emit(Specialized(function, left, right) ?? operation,
            Swaps(function, left, right) ? [right, left] : [left, right]);
        return node.Graph.ToValue(y, dimensions, order);
    }

    /// <summary>A value under as many dimensions as an order has, with its dimensions in that order in memory.</summary>
    public static GraphTensor InOrder(GraphImport graph, ImportedValue value, int[] order)
    {
        if (order.Length == 0)
            return graph.Standard(value);
        int added = order.Length - value.Rank;
        int[] own = [.. order.Where(dimension => dimension >= added).Select(dimension => dimension - added)];
        GraphTensor tensor = value.Rank == 0 ? graph.Standard(value) : graph.As(value, own);
        return graph.View(tensor, new Shape([.. order.Select(dimension => dimension < added ? 1 : value.Dimensions[dimension - added])]));
    }

    /// <summary>The dimensions that values have together.</summary>
    /// <exception cref="DataFormatException">They do not go together.</exception>
    public static int[] Broadcast(NodeImport node, params ReadOnlySpan<ImportedValue> values)
    {
        int rank = 0;
        foreach (ImportedValue value in values)
            rank = Math.Max(rank, value.Rank);
        var common = new int[rank];
        Array.Fill(common, 1);
        foreach (ImportedValue value in values)
        {
            for (int i = 0; i < value.Rank; i++)
            {
                ref int dimension = ref common[rank - value.Rank + i];
                if (dimension != value.Dimensions[i] && dimension != 1 && value.Dimensions[i] != 1)
                    throw node.Damaged("the inputs are " +
                        $"{string.Join(" and ", values.ToArray().Select(v => $"[{string.Join(", ", v.Dimensions)}]"))}; " +
                        "expected dimensions that are the same or 1");
                if (dimension == 1)
                    dimension = value.Dimensions[i];
            }
        }

        return common;
    }

    private static OperatorEntry Unary(string name, UnaryFunction function, int since = OperatorTable.FirstOpset) =>
        new(name, node => ActivationImport.Apply(node, new UnaryOperation(function)), since);

    private static bool Leads(ImportedValue value, int[] dimensions) => value.Dimensions.SequenceEqual(dimensions);

    private static bool IsOrdered(ImportedValue value) => GraphImport.OrderOf(value).SequenceEqual(GraphImport.Identity(value.Rank));

    // The dimensions that a value lacks stand outermost, behind the batch.
    private static int[] Extended(int[] order, int rank, int wanted)
    {
        int added = wanted - rank;
        return [.. Enumerable.Range(0, added), .. order.Select(dimension => dimension + added)];
    }

    private static bool Swaps(BinaryFunction function, GraphTensor left, GraphTensor right) =>
        Specialized(function, left, right) is MultiplyOperation && right.Shape.ElementCount > left.Shape.ElementCount;

    // Layers' own operations, which the compiler knows how to fuse.
    private static Operation? Specialized(BinaryFunction function, GraphTensor left, GraphTensor right)
    {
        if (left.Type != ElementType.Float32 || left.Constant is not null || right.Constant is not null
            || left.IsBatched != right.IsBatched)
            return null;
        bool same = left.Shape == right.Shape;
        if (function == BinaryFunction.Add && same)
            return new AddOperation();
        if (function != BinaryFunction.Multiply)
            return null;
        (Shape larger, Shape smaller) = left.Shape.ElementCount >= right.Shape.ElementCount
            ? (left.Shape, right.Shape)
            : (right.Shape, left.Shape);
        return same || (larger.Rank == 4 && smaller == Shape.Nhwc(larger[0], 1, 1, larger[3])) ? new MultiplyOperation() : null;
    }

    // A single number beside a tensor of floats.
    private static (ImportedValue Value, Operation Operation)? Affine(BinaryFunction function, ImportedValue a, ImportedValue b,
        int[] dimensions)
    {
        bool second = b.IsConstant && b.Count == 1 && !a.IsConstant;
        bool first = a.IsConstant && a.Count == 1 && !b.IsConstant;
        if (a.Type != ElementType.Float32 || !(first || second) || !(second ? a : b).Dimensions.SequenceEqual(dimensions))
            return null;
        float number = (second ? b : a).Constant.Values<float>()[0];
        ImportedValue value = second ? a : b;
        if (!float.IsFinite(number) || (second ? b : a).DependsOnShape)
            return null;
        return function switch
        {
            BinaryFunction.Add => (value, new RescalingOperation(1, number)),
            BinaryFunction.Subtract when second => (value, new RescalingOperation(1, -number)),
            BinaryFunction.Subtract => (value, new RescalingOperation(-1, number)),
            BinaryFunction.Multiply => (value, new RescalingOperation(number, 0)),
            BinaryFunction.Divide when second && IsSafeDivisor(number) => (value, new RescalingOperation(1 / number, 0)),
            BinaryFunction.Maximum => (value, new FunctionOperation(ElementFunctions.Clip, number, float.PositiveInfinity)),
            BinaryFunction.Minimum => (value, new FunctionOperation(ElementFunctions.Clip, float.NegativeInfinity, number)),
            _ => null,
        };
    }

    private static bool IsSafeDivisor(float number) => float.IsNormal(number) && float.IsNormal(1 / number);

    // Numbers of each channel beside images or features.
    private static ImportedValue? ChannelAffine(NodeImport node, BinaryFunction function, ImportedValue a, ImportedValue b,
        int[] dimensions)
    {
        bool second = b.IsConstant && !a.IsConstant;
        if (a.IsConstant == b.IsConstant || a.Type != ElementType.Float32
            || function is not (BinaryFunction.Add or BinaryFunction.Subtract or BinaryFunction.Multiply or BinaryFunction.Divide))
            return null;
        (ImportedValue value, ImportedValue constant) = second ? (a, b) : (b, a);
        if (!value.Dimensions.SequenceEqual(dimensions) || constant.DependsOnShape || constant.Rank == 0
            || (function == BinaryFunction.Divide && !second))
            return null;
        int[] order = GraphImport.OrderOf(value);
        int channel = order[^1];
        int own = channel - (value.Rank - constant.Rank);
        if (own < 0 || constant.Dimensions[own] != value.Dimensions[channel] || constant.Count != value.Dimensions[channel])
            return null;
        float[] numbers = constant.Constant.Values<float>().ToArray();
        if (numbers.Any(number => !float.IsFinite(number) || (function == BinaryFunction.Divide && !IsSafeDivisor(number))))
            return null;
        var scale = new float[numbers.Length];
        var shift = new float[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            (scale[i], shift[i]) = function switch
            {
                BinaryFunction.Add => (1, numbers[i]),
                BinaryFunction.Subtract => second ? (1, -numbers[i]) : (-1, numbers[i]),
                BinaryFunction.Multiply => (numbers[i], 0),
                _ => (1 / numbers[i], 0f),
            };
        }

        bool isShift = function is BinaryFunction.Add or BinaryFunction.Subtract;
        Weight[] weights = [Weight.Of(scale, false) with { IsOfModel = !isShift }, Weight.Of(shift, false) with { IsOfModel = isShift }];
        return node.Graph.ToValue(node.Graph.EmitWith(new ChannelAffineOperation(), [node.Graph.As(value, order)], weights), dimensions,
            order);
    }

    private static void Fold(NodeImport node, BinaryFunction function)
    {
        ImportedValue result = node.Input(0);
        if (node.Opset < 7 && node.InputCount == 2)
        {
            node.Set(Binary(node, function, result, Aligned(node, result, node.Input(1))));
            return;
        }

        for (int i = 1; i < node.InputCount; i++)
            result = Binary(node, function, result, node.Input(i));
        node.Set(result);
    }

    // Before operator set 7 the second input goes into the first only on demand, from an axis on.
    private static ImportedValue Aligned(NodeImport node, ImportedValue a, ImportedValue b)
    {
        bool broadcasts = node.Flag("broadcast", false);
        if (b.Rank == 0)
        {
            node.Ignore("axis");
            return b;
        }

        int axis = node.Axis(node.Int("axis", Math.Max(0, a.Rank - b.Rank)), Math.Max(1, a.Rank));
        if (!broadcasts && !a.Dimensions.SequenceEqual(b.Dimensions))
            throw node.Damaged($"the inputs are [{string.Join(", ", a.Dimensions)}] and [{string.Join(", ", b.Dimensions)}] and " +
                "broadcast is not set; expected the same dimensions");
        int behind = a.Rank - axis - b.Rank;
        return behind <= 0 ? b : ShapeImport.WithDimensions(node.Graph, b, [.. b.Dimensions, .. Enumerable.Repeat(1, behind)]);
    }

    private static void Mean(NodeImport node)
    {
        ImportedValue sum = node.Input(0);
        for (int i = 1; i < node.InputCount; i++)
            sum = Binary(node, BinaryFunction.Add, sum, node.Input(i));
        node.Set(node.InputCount == 1 ? sum : ActivationImport.Apply(node.Graph, sum, new RescalingOperation(1f / node.InputCount, 0)));
    }

    // The result has the type of the base.
    private static void Power(NodeImport node)
    {
        ImportedValue a = node.Input(0);
        ImportedValue b = node.Input(1);
        if (a.Type == ElementType.Float32 && b is { IsConstant: true, Count: 1, Type: ElementType.Float32 })
        {
            float exponent = b.Constant.Values<float>()[0];
            if (exponent == 2)
            {
                node.Set(Binary(node, BinaryFunction.Multiply, a, a));
                return;
            }

            if (exponent == 0.5f)
            {
                ActivationImport.Apply(node, new UnaryOperation(UnaryFunction.SquareRoot));
                return;
            }
        }

        ElementType type = a.Type;
        ElementType common = a.Type == b.Type ? a.Type : ElementType.Float32;
        ImportedValue result = Binary(node, BinaryFunction.Power, Cast(node.Graph, a, common), Cast(node.Graph, b, common));
        node.Set(Cast(node.Graph, result, type));
    }

    /// <summary>A value as another type.</summary>
    public static ImportedValue Cast(GraphImport graph, ImportedValue value, ElementType type) =>
        value.Type == type ? value : ActivationImport.Apply(graph, value, new CastOperation(type));
}

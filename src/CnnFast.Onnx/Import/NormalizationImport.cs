using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>Normalisations.</summary>
internal static class NormalizationImport
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("BatchNormalization", BatchNormalization, Limits: "training_mode from operator set 14; no spatial of 0"),
        new("InstanceNormalization", InstanceNormalization),
        new("GroupNormalization", GroupNormalization, 18),
        new("LayerNormalization", LayerNormalization, 17),
        new("MeanVarianceNormalization", MeanVarianceNormalization, 9),
        new("LRN", LocalResponse),
    ];

    private static void BatchNormalization(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        float epsilon = node.Float("epsilon", 1e-5f);
        float momentum = node.Float("momentum", 0.9f);
        if (node.Opset < 7 && !node.Flag("is_test", false))
            throw node.Unsupported("the attribute is_test is 0; supported is 1");
        if (node.Opset < 9 && node.Int("spatial", 1) != 1)
            throw node.Unsupported("the attribute spatial is 0; supported is 1");
        int channels = x.Rank > 1 ? x.Dimensions[1] : 1;
        ImportedValue[] numbers = [.. Enumerable.Range(1, 4).Select(node.Input)];
        foreach (ImportedValue value in numbers)
            RequireNumbers(node, value, channels);
        if (IsEmpty(node, x))
            return;
        if (node.Opset >= 14 && node.Flag("training_mode", false))
        {
            BatchStatistics(node, x, numbers, epsilon, momentum);
            return;
        }

        int[] order = x.Rank > 1 ? GraphImport.ChannelsLast(x.Rank) : [0];
        GraphTensor tensor = x.Rank > 1 ? node.Graph.As(x, order) : node.Graph.View(node.Graph.Standard(x), new Shape(x.Dimensions[0], 1));
        GraphTensor y = WithWeights(node, new BatchNormalizationOperation(epsilon, Math.Clamp(momentum, 0, 0.999f), true, true), tensor,
            numbers);
        node.Set(0, node.Graph.ToValue(node.Graph.View(y, tensor.Shape), x.Dimensions, order));
    }

    private static GraphTensor WithWeights(NodeImport node, Operation operation, GraphTensor x, ImportedValue[] weights) => weights.All(
        weight => weight.IsConstant)
        ? node.Graph.EmitWith(operation, [x], [.. weights.Select(weight => Weight.Of(node, weight, [0]))])
        : node.Graph.Emit(new RuntimeWeightsOperation(operation), [x, .. weights.Select(node.Graph.Standard)]);

    private static void BatchStatistics(NodeImport node, ImportedValue x, ImportedValue[] numbers, float epsilon, float momentum)
    {
        if (x.IsBatched)
            throw new NotBatchedException($"{node.Who} takes its statistics over the batch");
        if (x.Rank < 2)
            throw node.Unsupported("the attribute training_mode is 1 and the input has no channels");
        GraphImport graph = node.Graph;
        int channels = x.Dimensions[1];
        int[] order = GraphImport.ChannelsLast(x.Rank);
        GraphTensor memory = graph.As(x, order);
        GraphTensor pixels = graph.View(memory, new Shape(1, memory.Shape.ElementCount / channels, channels, 1));
        GraphTensor y = graph.Emit(new NormalizeOperation(NormalizeResult.Elements, epsilon), pixels, graph.Standard(numbers[0]),
            graph.Standard(numbers[1]));
        node.Set(0, graph.ToValue(graph.View(y, memory.Shape), x.Dimensions, order));
        Moving(1, NormalizeResult.Mean, numbers[2]);
        Moving(2, NormalizeResult.Variance, numbers[3]);

        void Moving(int output, NormalizeResult statistic, ImportedValue before)
        {
            if (!node.Wants(output))
                return;
            GraphTensor now = graph.View(graph.Emit(new NormalizeOperation(statistic, epsilon), pixels), new Shape(channels));
            ImportedValue kept = ElementwiseImport.Binary(node, BinaryFunction.Multiply, before, Number(momentum));
            ImportedValue added = ElementwiseImport.Binary(node, BinaryFunction.Multiply, graph.ToValue(now, [channels]),
                Number(1 - momentum));
            node.Set(output, ElementwiseImport.Binary(node, BinaryFunction.Add, kept, added));
        }
    }

    private static void InstanceNormalization(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        RequireImages(node, x);
        Groups(node, x, x.Dimensions[1], node.Input(1), node.Input(2));
    }

    // Before operator set 21 scale and bias are given for each group.
    private static void GroupNormalization(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        RequireImages(node, x);
        int channels = x.Dimensions[1];
        int groups = node.Int("num_groups", 0);
        if (groups < 1 || channels % groups != 0)
            throw node.Damaged($"the attribute num_groups is {groups}; expected a divisor of the {channels} channels");
        if (node.Opset >= 21)
        {
            SinglePrecision(node);
            Groups(node, x, groups, node.Input(1), node.Input(2));
        }
        else
        {
            Groups(node, x, groups, ForChannels(node, node.Input(1), groups, channels), ForChannels(node, node.Input(2), groups, channels));
        }
    }

    private static ImportedValue ForChannels(NodeImport node, ImportedValue numbers, int groups, int channels)
    {
        RequireNumbers(node, numbers, groups);
        int times = channels / groups;
        if (times < 2)
            return numbers;
        GraphTensor column = node.Graph.View(node.Graph.Standard(numbers), new Shape(groups, 1));
        GraphTensor repeated = node.Graph.Emit(new StridedViewOperation(true, [0, 0], [1, 0], [groups, times]), column);
        return node.Graph.ToValue(node.Graph.View(repeated, new Shape(channels)), [channels]);
    }

    private static void Groups(NodeImport node, ImportedValue x, int groups, ImportedValue scale, ImportedValue bias)
    {
        float epsilon = node.Float("epsilon", 1e-5f);
        int channels = x.Dimensions[1];
        RequireNumbers(node, scale, channels);
        RequireNumbers(node, bias, channels);
        if (IsEmpty(node, x))
            return;
        int[] order = GraphImport.ChannelsLast(x.Rank);
        GraphTensor memory = node.Graph.As(x, order);
        int n = x.Dimensions[0];
        GraphTensor pixels = node.Graph.View(memory, new Shape(n, (int)(x.Count / n / channels), groups, channels / groups));
        GraphTensor y = node.Graph.Emit(new NormalizeOperation(NormalizeResult.Elements, epsilon), pixels, node.Graph.Standard(scale),
            node.Graph.Standard(bias));
        node.Set(0, node.Graph.ToValue(node.Graph.View(y, memory.Shape), x.Dimensions, order));
    }

    private static void LayerNormalization(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        ImportedValue scale = node.Input(1);
        ImportedValue? bias = node.Optional(2);
        float epsilon = node.Float("epsilon", 1e-5f);
        int axis = node.Axis(node.Int("axis", -1), x.Rank);
        SinglePrecision(node);
        int[] statistics = [.. x.Dimensions.Select((dimension, i) => i < axis ? dimension : 1)];
        if (IsEmpty(node, x))
            return;
        if (x.IsBatched && axis == 0)
            throw new NotBatchedException($"{node.Who} takes its statistics over the batch");
        GraphImport graph = node.Graph;
        int[] order = GraphImport.OrderOf(x);
        if (!order.AsSpan(axis).SequenceEqual(GraphImport.Identity(x.Rank).AsSpan(axis)))
            order = GraphImport.Identity(x.Rank);
        GraphTensor memory = graph.As(x, order);
        int length = x.Dimensions.Skip(axis).Aggregate(1, (product, dimension) => product * dimension);
        int n = axis == 0 ? 1 : memory.Shape[0];
        GraphTensor rows = graph.View(memory, new Shape(n, 1, (int)(x.Count / length / n), length));
        bool isPlain = IsPlain(scale) && (bias is null || IsPlain(bias));
        GraphTensor[] inputs = !isPlain ? [rows]
            : bias is null ? [rows, graph.Standard(scale)]
            : [rows, graph.Standard(scale), graph.Standard(bias)];
        ImportedValue y = graph.ToValue(
            graph.View(graph.Emit(new NormalizeOperation(NormalizeResult.Elements, epsilon), inputs), memory.Shape), x.Dimensions, order);
        if (!isPlain)
        {
            y = ElementwiseImport.Binary(node, BinaryFunction.Multiply, y, scale, broadcastFirst: false);
            if (bias is not null)
                y = ElementwiseImport.Binary(node, BinaryFunction.Add, y, bias, broadcastFirst: false);
        }

        node.Set(0, y);
        Statistic(1, NormalizeResult.Mean);
        Statistic(2, NormalizeResult.InverseDeviation);

        bool IsPlain(ImportedValue numbers) => numbers.Count == length && numbers.Info is not { IsWhole: false };

        void Statistic(int output, NormalizeResult result)
        {
            if (!node.Wants(output))
                return;
            GraphTensor numbers = graph.Emit(new NormalizeOperation(result, epsilon), rows);
            node.Set(output,
                graph.ToValue(graph.View(numbers, new Shape([.. order.Select(dimension => statistics[dimension])])), statistics, order));
        }
    }

    private static void MeanVarianceNormalization(NodeImport node)
    {
        const float Added = 1e-9f;
        ImportedValue x = node.Input(0);
        int[] axes = node.Axes(node.Longs("axes") ?? [0, 2, 3], x.Rank);
        if (IsEmpty(node, x))
            return;
        if (x.IsBatched && axes.Contains(0))
            throw new NotBatchedException($"{node.Who} takes its statistics over the batch");
        GraphImport graph = node.Graph;
        int[] kept = [.. GraphImport.Identity(x.Rank).Except(axes)];
        bool isByChannel = kept is [1];
        int[] order = isByChannel ? GraphImport.ChannelsLast(x.Rank) : [.. kept, .. axes.Order()];
        GraphTensor memory = graph.As(x, order);
        int groups = kept.Aggregate(1, (product, axis) => product * x.Dimensions[axis]);
        int n = kept is [0, ..] ? x.Dimensions[0] : 1;
        int length = (int)(x.Count / groups);
        GraphTensor grouped = graph.View(memory, isByChannel ? new Shape(1, length, groups, 1) : new Shape(n, 1, groups / n, length));
        GraphTensor y = graph.Emit(new NormalizeOperation(NormalizeResult.Elements, 0, Added), grouped);
        node.Set(0, graph.ToValue(graph.View(y, memory.Shape), x.Dimensions, order));
    }

    private static void LocalResponse(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        RequireImages(node, x);
        int size = node.Int("size", 0);
        if (size < 1)
            throw node.Damaged($"the attribute size is {size}; expected at least 1");
        var operation = new LocalResponseOperation(size, node.Float("alpha", 1e-4f), node.Float("beta", 0.75f), node.Float("bias", 1));
        if (IsEmpty(node, x))
            return;
        int[] order = GraphImport.ChannelsLast(x.Rank);
        node.Set(0, node.Graph.ToValue(node.Graph.Emit(operation, node.Graph.As(x, order)), x.Dimensions, order));
    }

    private static ImportedValue Number(float number) => new(OnnxTensor.Create([number], 1), dependsOnShape: false);

    private static void SinglePrecision(NodeImport node)
    {
        if (node.Int("stash_type", 1) != 1)
            throw node.Unsupported("the attribute stash_type is not 1, single precision");
    }

    private static bool IsEmpty(NodeImport node, ImportedValue x)
    {
        if (x.Count > 0)
            return false;
        node.Set(GraphImport.Empty(x.Type, x.Dimensions));
        return true;
    }

    private static void RequireImages(NodeImport node, ImportedValue x)
    {
        if (x.Rank < 2)
            throw node.Damaged($"the input is [{string.Join(", ", x.Dimensions)}]; expected [N, C, …]");
    }

    private static void RequireNumbers(NodeImport node, ImportedValue value, int count)
    {
        if (value.Rank != 1 || value.Dimensions[0] != count)
            throw node.Damaged($"scale, bias, mean or variance is [{string.Join(", ", value.Dimensions)}]; expected [{count}]");
    }
}

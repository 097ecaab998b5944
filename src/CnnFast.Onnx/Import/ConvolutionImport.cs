using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>Conv, Gemm and MatMul.</summary>
internal static class ConvolutionImport
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("Conv", Convolution, Limits: "1-D and 2-D"),
        new("ConvTranspose", TransposedConvolution,
            Limits: "1-D and 2-D; output_padding, or what output_shape adds, below the larger of stride and dilation"),
        new("Gemm", Gemm),
        new("MatMul", MatMul),
    ];

    private static void Convolution(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        ImportedValue w = node.Input(1);
        ImportedValue? bias = node.Optional(2);
        Window window = Window.Read(node, x, w.Dimensions.AsSpan(2));
        int groups = node.Int("group", 1);
        int oc = w.Dimensions[0];
        int channels = x.Dimensions[1];
        if (groups < 1 || channels % groups != 0 || oc % groups != 0 || w.Dimensions[1] != channels / groups)
            throw node.Damaged($"the input has {channels} channels and the filter is [{string.Join(", ", w.Dimensions)}] with group " +
                $"{groups}; expected [OC, {channels}/group, …] and a group that divides both");
        if (bias is not null && (bias.Rank != 1 || bias.Dimensions[0] != oc))
            throw node.Damaged($"the bias is [{string.Join(", ", bias.Dimensions)}]; expected [{oc}]");
        Window2D padded = window.With(window.Padding(node));
        bool depthwise = groups == channels && groups > 1;
        Operation operation = depthwise
            ? new DepthwiseConv2DOperation(padded, oc / channels, Activation.None, bias is not null)
            : new Conv2DOperation(oc, padded, groups, Activation.None, bias is not null);
        GraphTensor y = WithWeights(node, operation, window.Images(node.Graph, x), w, new Shape(window.H, window.W, channels / groups, oc),
            bias);
        node.Set(window.ToValue(node.Graph, y, oc));
    }

    private static void TransposedConvolution(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        ImportedValue w = node.Input(1);
        ImportedValue? bias = node.Optional(2);
        Window window = Window.Read(node, x, w.Dimensions.AsSpan(2));
        int groups = node.Int("group", 1);
        int channels = x.Dimensions[1];
        if (groups < 1 || channels % groups != 0 || w.Dimensions[0] != channels)
            throw node.Damaged($"the input has {channels} channels and the filter is [{string.Join(", ", w.Dimensions)}] with group " +
                $"{groups}; expected [{channels}, OC/group, …] and a group that divides {channels}");
        int oc = checked(w.Dimensions[1] * groups);
        if (bias is not null && (bias.Rank != 1 || bias.Dimensions[0] != oc))
            throw node.Damaged($"the bias is [{string.Join(", ", bias.Dimensions)}]; expected [{oc}]");
        const int MaxPhases = 4096;
        if ((long)window.StrideH * window.StrideW > MaxPhases)
            throw node.Unsupported(
                $"the attribute strides is [{window.StrideH}, {window.StrideW}]; supported is a product of at most {MaxPhases}");
        TransposedPadding padding = TransposedPadding.Read(node, window, x);
        var operation = new Conv2DTransposeOperation(oc, window.With(padding.Padding), groups, padding.OutputH, padding.OutputW,
            Activation.None, bias is not null);
        GraphTensor y = WithWeights(node, operation, window.Images(node.Graph, x), w, new Shape(window.H, window.W, oc / groups, channels),
            bias);
        node.Set(window.ToValue(node.Graph, y, oc));
    }

    // Filter and bias are parameters where they are constant.
    private static GraphTensor WithWeights(NodeImport node, Operation operation, GraphTensor x, ImportedValue filter, Shape shape,
        ImportedValue? bias)
    {
        int[] order = filter.Rank == 3 ? [2, 1, 0] : [2, 3, 1, 0];
        if (filter.IsConstant && bias is null or { IsConstant: true })
            return node.Graph.EmitWith(operation, [x],
                bias is null ? [Weight.Of(node, filter, order)] : [Weight.Of(node, filter, order), Weight.Of(node, bias, [0])]);
        GraphTensor given = node.Graph.View(node.Graph.As(filter, order), shape);
        return node.Graph.Emit(new RuntimeWeightsOperation(operation), bias is null ? [x, given] : [x, given, node.Graph.Standard(bias)]);
    }

    private static void Gemm(NodeImport node)
    {
        ImportedValue a = node.Input(0);
        ImportedValue b = node.Input(1);
        ImportedValue? c = node.Optional(2);
        float alpha = node.Float("alpha", 1);
        float beta = node.Float("beta", 1);
        if (node.Opset < 7)
            node.Ignore("broadcast");
        bool transposeA = node.Flag("transA", false);
        bool transposeB = node.Flag("transB", false);
        if (a.Rank != 2 || b.Rank != 2)
            throw node.Damaged(
                $"the inputs are [{string.Join(", ", a.Dimensions)}] and [{string.Join(", ", b.Dimensions)}]; expected matrices");
        (int rows, int inner) = transposeA ? (a.Dimensions[1], a.Dimensions[0]) : (a.Dimensions[0], a.Dimensions[1]);
        (int innerB, int columns) = transposeB ? (b.Dimensions[1], b.Dimensions[0]) : (b.Dimensions[0], b.Dimensions[1]);
        if (inner != innerB)
            throw node.Damaged($"the matrices are {rows}×{inner} and {innerB}×{columns}; expected as many columns as rows");
        bool isBias = c is null || (c.IsConstant && (c.Count == 1 || (c.Count == columns && c.Dimensions[^1] == columns)));
        if (b.IsConstant && isBias && b.Type == ElementType.Float32)
        {
            node.Set(Dense(node, a, transposeA ? 1 : 0, b, transposeB ? [1, 0] : [0, 1], alpha,
                c is null ? null : BiasOf(node, c, columns, beta)));
            return;
        }

        GraphTensor product = node.Graph.Emit(new MatrixProductOperation(), node.Graph.As(a, transposeA ? [1, 0] : [0, 1]),
            node.Graph.As(b, transposeB ? [1, 0] : [0, 1]));
        if (alpha != 1)
            product = node.Graph.Emit(new RescalingOperation(alpha, 0), product);
        ImportedValue result = node.Graph.ToValue(product, [rows, columns]);
        if (c is not null && beta != 0)
        {
            ImportedValue scaled = beta == 1
                ? c
                : node.Graph.ToValue(node.Graph.Emit(new RescalingOperation(beta, 0), node.Graph.Standard(c)), c.Dimensions);
            result = ElementwiseImport.Binary(node, BinaryFunction.Add, result, scaled);
        }

        node.Set(result);
    }

    private static void MatMul(NodeImport node)
    {
        ImportedValue a = node.Input(0);
        ImportedValue b = node.Input(1);
        if (a.Rank == 0 || b.Rank == 0)
            throw node.Damaged("an input is a scalar; expected vectors or matrices");
        int inner = b.Dimensions[b.Rank == 1 ? 0 : ^2];
        if (a.Dimensions[^1] != inner)
            throw node.Damaged($"the inputs are [{string.Join(", ", a.Dimensions)}] and [{string.Join(", ", b.Dimensions)}]; " +
                "expected as many columns as rows");
        if (b.IsConstant && b.Rank == 2 && !a.IsConstant && a.Type == ElementType.Float32)
        {
            if (a.Rank == 2)
            {
                node.Set(Dense(node, a, 0, b, [0, 1], 1, null));
                return;
            }

            // A dense layer on every row is a convolution of one pixel.
            int columns = b.Dimensions[1];
            int samples = a.Rank > 2 ? a.Dimensions[0] : 1;
            GraphTensor rows = node.Graph.View(node.Graph.Standard(a), Shape.Nhwc(samples, 1, (int)(a.Count / samples / inner), inner));
            var operation = new Conv2DOperation(columns, new Window2D(1, 1), 1, Activation.None, false);
            GraphTensor y = node.Graph.EmitWith(operation, [rows], [Weight.Of(node, b, [0, 1])]);
            int[] result = [.. a.Dimensions[..^1], columns];
            node.Set(node.Graph.View(y, new Shape(result)), result);
            return;
        }

        // Vectors are matrices of one row or column; all get one rank.
        int rank = Math.Max(2, Math.Max(a.Rank, b.Rank));
        int[] left = Padded(a.Rank == 1 ? [1, a.Dimensions[0]] : a.Dimensions, rank);
        int[] right = Padded(b.Rank == 1 ? [b.Dimensions[0], 1] : b.Dimensions, rank);
        GraphTensor product = node.Graph.Emit(new MatrixProductOperation(), node.Graph.View(node.Graph.Standard(a), new Shape(left)),
            node.Graph.View(node.Graph.Standard(b), new Shape(right)));
        List<int> dimensions = [.. product.Shape.Dimensions];
        if (b.Rank == 1)
            dimensions.RemoveAt(dimensions.Count - 1);
        if (a.Rank == 1)
            dimensions.RemoveAt(dimensions.Count - (b.Rank == 1 ? 1 : 2));
        node.Set(dimensions.Count == 0 ? product : node.Graph.View(product, new Shape([.. dimensions])), [.. dimensions]);
    }

    private static int[] Padded(int[] dimensions, int rank) => [.. Enumerable.Repeat(1, rank - dimensions.Length), .. dimensions];

    // Features that lie in another order, as those of flattened images do, are met by weights in that order.
    private static ImportedValue Dense(NodeImport node, ImportedValue a, int rowDimension, ImportedValue filter, int[] order, float alpha,
        Weight? bias)
    {
        int features = 1 - rowDimension;
        int[]? places = null;
        string variant = "";
        GraphTensor x;
        if (rowDimension == 0 && a.Layout is { } layout && layout.LiesInDimensionOrder() && layout.Permutation(0) is null)
        {
            places = layout.Permutation(1);
            variant = places is null ? "" : $"{string.Join(' ', layout.MemorySizes)}|{string.Join(' ', layout.MoveTo([0, 1]))}";
            x = node.Graph.InMemoryOrder(a);
        }
        else
        {
            x = node.Graph.As(a, rowDimension == 0 ? [0, 1] : [1, 0]);
        }

        int inner = a.Dimensions[features];
        int columns = filter.Dimensions[order[1]];
        Weight weight = Weight.Of(node, filter, order, places, alpha) with { Variant = variant };
        GraphTensor y = node.Graph.EmitWith(new DenseOperation(columns, Activation.None, bias is not null),
            [node.Graph.View(x, new Shape(a.Dimensions[rowDimension], inner), a.Name)], bias is null ? [weight] : [weight, bias]);
        return node.Graph.ToValue(y, [a.Dimensions[rowDimension], columns]);
    }

    private static Weight BiasOf(NodeImport node, ImportedValue c, int columns, float beta)
    {
        if (c.Type != ElementType.Float32)
            throw node.Damaged($"the bias is of {c.Type}; expected Float32");
        var values = new float[columns];
        ReadOnlySpan<float> bias = c.Constant.Values<float>();
        for (int i = 0; i < columns; i++)
            values[i] = beta * bias[bias.Length == 1 ? 0 : i];
        return Weight.Of(values, c.DependsOnShape);
    }
}
